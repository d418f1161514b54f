// What the matching asks about a single code point.
//
// Free functions; thread-safe.
#pragma once

#include <cstdint>

namespace zimg::filter {

// What stands between two letters, from nothing to what ends a clause.
enum class Gap : std::uint8_t {
  kNone = 0,
  kSoft = 1,   // what people put inside a word to break it up: - _ * and the like, symbols, emoji
  kBlank = 2,  // spaces and line breaks
  kMark = 3,   // all other punctuation
};

bool is_letter(char32_t code);            // a letter or digit of any script, and the marks that belong to one
bool is_digit(char32_t code);             // 0 to 9: there are no others in a matching form
bool is_latin(char32_t code);             // A to Z, a to z
bool is_foreign_alphabet(char32_t code);  // Greek or Cyrillic
// Of a script that is written without blanks between words: Han, kana, Hangul with its particles, Thai, Lao, Khmer,
// Myanmar.
bool is_spaceless(char32_t code);

// A combining mark that only decorates what it stands on: those of Latin, Greek and Cyrillic, the points of Hebrew and
// of Arabic. Marks that are half of a letter (India, South-East Asia, kana) are none.
bool is_ornament(char32_t code);
// A control character that is neither a blank nor a line break.
bool is_control(char32_t code);

// REQUIRES: !is_letter(code).
Gap gap_of(char32_t code);

}  // namespace zimg::filter
