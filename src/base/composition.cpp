#include "base/composition.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "zimg/error.hpp"

namespace zimg::base {
namespace {

constexpr std::int32_t kBeforeTrailingConsonants = 0x11A7;  // a vowel of old Hangul, which composes with nothing

}  // namespace

std::size_t compose(std::int32_t* codes, std::size_t count) {
  std::int32_t* out = codes;
  std::int32_t* const end = codes + count;
  for (std::int32_t* begin = codes; begin != end;) {
    std::int32_t* const border = std::find(begin, end, kBeforeTrailingConsonants);
    const auto length = utf8proc_normalize_utf32(begin, border - begin,
                                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (length < 0) throw Error(ErrorCode::kInternal, "utf8proc could not compose a text");
    out = std::copy_n(begin, length, out);
    begin = border;
    if (begin != end) *out++ = *begin++;
  }
  return static_cast<std::size_t>(out - codes);
}

}  // namespace zimg::base
