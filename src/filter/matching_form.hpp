// The form in which prompts and keywords are compared: what looks or reads alike is made equal. It is apart from the
// canonical form that is drawn and keyed, and never leaves this folder.
//
// Free functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zimg::filter {

// Which Greek and Cyrillic letters become the Latin ones that they look like. A word of one alphabet is itself: only a
// word that mixes them, or one of five letters and more that is nothing but lookalikes, was spelled to deceive.
enum class Lookalikes : std::uint8_t { kInDeceivingWords, kNowhere, kEverywhere };

// Unicode NFKC, without default-ignorable characters, controls and ornamental marks, lookalikes replaced, case folded,
// traditional Chinese made simplified. Takes linear time. REQUIRES: `text` is valid UTF-8.
std::u32string matching_form(std::string_view text, Lookalikes lookalikes = Lookalikes::kInDeceivingWords);

}  // namespace zimg::filter
