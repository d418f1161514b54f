// A keyword file, and after the first NUL a prompt: every word of a list that is accepted is found in itself.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "filter/keyword_file.hpp"
#include "filter/matching_form.hpp"
#include "filter/word_finder.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg::filter;

void read(std::string_view list, std::string_view prompt) {
  const auto words = parse_keywords(list, "fuzz");
  const WordFinder finder(words);
  for (const std::string& word : words) {
    if (!finder.finds(matching_form(word))) std::abort();
  }
  if (!zimg::base::find_invalid_utf8(prompt)) static_cast<void>(finder.finds(matching_form(prompt)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(text.find('\0'), text.size());
  try {
    read(text.substr(0, cut), text.substr(std::min(cut + 1, text.size())));
  } catch (const zimg::Error&) {
    return 0;
  }
  return 0;
}
