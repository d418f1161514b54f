// A Spelling is a matching form as letters, with what stands between them told apart from what they say.
//
// Plain values.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "filter/character_class.hpp"

namespace zimg::filter {

// How a text is read. Each reading has its own idea of what two equal letters are, so words and texts are compared
// within one reading.
enum class Reading : std::uint8_t {
  kPlain = 0,      // letters and digits as they are
  kStretched = 1,  // runs of one letter count as that letter: "zoooorb"
  kStandIns = 2,   // digits and signs that stand in for letters are those letters: "z0rb", "$tar"; i and l are one
  kHidden = 3,     // stars between letters hide one letter each: "z*rb"
};

inline constexpr char32_t kHiddenLetter = U'*';  // what such a letter is in the reading that sees them

struct Letter {
  char32_t code = 0;
  Gap before = Gap::kNone;    // from the letter before; at the first letter, from the beginning
  bool is_stand_in = false;   // typed as a digit or a sign
  std::uint32_t repeats = 1;  // as typed side by side; more than 1 in the stretched reading only
};

using Spelling = std::vector<Letter>;

Spelling spell(std::u32string_view form, Reading reading);

// Whether the reading can find anything in this text that the plain one does not: somewhere letters are equal, or
// something stands in, or is hidden.
bool is_worth_reading(const Spelling& text, Reading reading);

}  // namespace zimg::filter
