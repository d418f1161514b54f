// Text as the tokenizer sees it: code points of UTF-8, in Unicode's composed form (NFC), in classes of characters. The
// one place that knows utf8proc.
//
// Free functions; input is UTF-8 that was checked before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zimg::tokenizer {

// The code points of `text` in NFC. Time n log n, whatever the text. Errors: kOutOfMemory.
std::u32string nfc(std::string_view text);

void append_utf8(char32_t point, std::string& text);

enum class CharacterClass : std::uint8_t {
  kLetter,     // \p{L}
  kNumber,     // \p{N}
  kLineBreak,  // CR and LF
  kSpace,      // the rest of \s, which is Unicode's White_Space
  kOther,
};

CharacterClass class_of(char32_t point);

}  // namespace zimg::tokenizer
