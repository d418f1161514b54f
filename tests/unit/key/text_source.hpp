// What the tests of folding share: random texts, and what of a text is quoted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "key/code_points.hpp"
#include "key/quotes.hpp"

namespace zimg_test {

// What a sanitizer slows is done that many times less: it looks at memory, for which fewer texts do.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr unsigned kTimesLess = 8;
#else
constexpr unsigned kTimesLess = 1;
#endif

// Octets of a text that quadratic time would make felt: as long as a prompt may be.
constexpr std::size_t kLongText = (std::size_t{1} << 20) / kTimesLess;

// Short texts from the characters that the steps are about, now and then from all of Unicode.
class TextSource {
 public:
  explicit TextSource(std::uint64_t seed) : noise_(seed) {}

  std::string next() {
    std::u32string text(1 + noise_() % 12, U' ');
    const bool is_wild = noise_() % 8 == 0;
    for (char32_t& code : text) code = is_wild && noise_() % 4 == 0 ? any() : kPool[noise_() % kPool.size()];
    return zimg::key::to_utf8(text);
  }

 private:
  char32_t any() {
    for (;;) {
      const auto code = static_cast<char32_t>(1 + noise_() % 0x10FFFF);
      if (code < 0xD800 || code > 0xDFFF) return code;
    }
  }

  inline static const std::u32string kPool =
      U"aZ5１ａＡ一只猫あガがかㅏ각한 ,.;:?!()，。；：？！（）、．…\"'“”‘’「」『』\u3000\u00A0\t\n\r\u2028\u0085"
      U"\u0301\u0323\u3099\u0338\u200B\u200C\u200D\uFE0F\uFE0E\U000E0100\u202E\uFEFF\u00AD\u034F\U00000007👨👩❤"
      U"🏽"
      U"🏴"
      U"\U000E0067\U000E007F#*1\u20E3बक्षش\u064B\u0653ا<=>/-_~·ΣσİßÉ《》【＋～＜＂＇\u1161\u1100\u2060";
  std::mt19937_64 noise_;
};

inline std::u32string quoted_in(const std::string& text) {
  std::u32string found;
  for (const auto& segment : zimg::key::split_at_quotes(zimg::key::to_code_points(text))) {
    if (segment.is_quoted) found += segment.text + U'|';
  }
  return found;
}

}  // namespace zimg_test
