// The classes of characters that the pre-tokenizer tells apart, by the reference's Unicode 16.
#pragma once

#include <cstdint>

namespace zimg::tokenizer {

enum class CharacterClass : std::uint8_t {
  kLetter,     // \p{L}
  kNumber,     // \p{N}
  kLineBreak,  // CR and LF
  kSpace,      // the rest of \s, which is Unicode's White_Space
  kOther,
};

CharacterClass class_of(char32_t point);

}  // namespace zimg::tokenizer
