// A request as JSON: what of a list is accepted has a canonical form, which asked for again is itself and has the same
// key; and the published article's key is made or refused, and the same each time.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/request_fields.hpp"
#include "base/json.hpp"
#include "key/canonical_request.hpp"
#include "key/picture_key.hpp"
#include "unit/key/asking_for.hpp"
#include "zimg/article_key.hpp"
#include "zimg/error.hpp"

namespace {

void read_request(std::string_view text) {
  zimg::Request request;
  zimg::app::set_fields(request, zimg::base::parse_json(text, "the input", zimg::ErrorCode::kInvalidArgument),
                        "the input");
  const auto canonical = zimg::key::canonicalize(request, {});
  const auto again = zimg::key::canonicalize(zimg_test::asking_for(canonical, request), {});
  if (!again.folded.empty()) std::abort();
  if (picture_key(canonical, {}) != picture_key(again, {})) std::abort();
}

void read_article(std::string_view text) {
  if (zimg::article_key(text) != zimg::article_key(text)) std::abort();
}

template <class Reader>
void try_to(Reader read, std::string_view text) {
  try {
    read(text);
  } catch (const zimg::Error& error) {
    if (error.code() != zimg::ErrorCode::kInvalidArgument) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_to(read_request, text);
  try_to(read_article, text);
  return 0;
}
