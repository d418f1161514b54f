#include "tokenizer/character_class.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace zimg::tokenizer {
namespace {

struct Range {
  char32_t first;
  char32_t last;
  CharacterClass kind;
};

constexpr CharacterClass kLetter = CharacterClass::kLetter;
constexpr CharacterClass kNumber = CharacterClass::kNumber;

// Letters and numbers of Unicode 15.1 and 16, for a utf8proc that does not have them.
constexpr std::array<Range, 29> kYoung{{
    {0x1C89, 0x1C8A, kLetter},   {0xA7CB, 0xA7CD, kLetter},   {0xA7DA, 0xA7DC, kLetter},   {0x105C0, 0x105F3, kLetter},
    {0x10D40, 0x10D49, kNumber}, {0x10D4A, 0x10D65, kLetter}, {0x10D6F, 0x10D85, kLetter}, {0x10EC2, 0x10EC4, kLetter},
    {0x11380, 0x11389, kLetter}, {0x1138B, 0x1138B, kLetter}, {0x1138E, 0x1138E, kLetter}, {0x11390, 0x113B5, kLetter},
    {0x113B7, 0x113B7, kLetter}, {0x113D1, 0x113D1, kLetter}, {0x113D3, 0x113D3, kLetter}, {0x116D0, 0x116E3, kNumber},
    {0x11BC0, 0x11BE0, kLetter}, {0x11BF0, 0x11BF9, kNumber}, {0x13460, 0x143FA, kLetter}, {0x16100, 0x1611D, kLetter},
    {0x16130, 0x16139, kNumber}, {0x16D40, 0x16D6C, kLetter}, {0x16D70, 0x16D79, kNumber}, {0x18CFF, 0x18CFF, kLetter},
    {0x1CCF0, 0x1CCF9, kNumber}, {0x1E5D0, 0x1E5ED, kLetter}, {0x1E5F0, 0x1E5F0, kLetter}, {0x1E5F1, 0x1E5FA, kNumber},
    {0x2EBF0, 0x2EE5D, kLetter},
}};

CharacterClass class_of_young(char32_t point) {
  const auto* range = std::lower_bound(kYoung.begin(), kYoung.end(), point,
                                       [](const Range& at, char32_t value) { return at.last < value; });
  return range != kYoung.end() && point >= range->first ? range->kind : CharacterClass::kOther;
}

}  // namespace

CharacterClass class_of(char32_t point) {
  if (point == '\r' || point == '\n') return CharacterClass::kLineBreak;
  if ((point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85) return CharacterClass::kSpace;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharacterClass::kLetter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterClass::kNumber;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharacterClass::kSpace;
    case UTF8PROC_CATEGORY_CN:
      return class_of_young(point);
    default:
      return CharacterClass::kOther;
  }
}

}  // namespace zimg::tokenizer
