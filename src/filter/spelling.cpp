#include "filter/spelling.hpp"

#include <algorithm>

namespace zimg::filter {
namespace {

// The letter that `code` may stand in for; 0 where it is none of these.
char32_t stood_in_for(char32_t code) {
  constexpr std::u32string_view kSigns = U"0123456789@$!\u20AC";
  constexpr std::u32string_view kLetters = U"oizeasgtbgasie";
  const std::size_t at = kSigns.find(code);
  return at == std::u32string_view::npos ? 0 : kLetters[at];
}

// In the reading of stand-ins: 1 may be an i or an l, so these two are one.
Letter stand_in_letter(char32_t code) {
  if (const char32_t letter = stood_in_for(code)) return {letter, Gap::kNone, true};
  return {code == U'l' ? U'i' : code, Gap::kNone, false};
}

bool ends_a_clause(std::u32string_view form, std::size_t at) {
  return form[at] == U'!' && (at + 1 == form.size() || !(is_letter(form[at + 1]) || stood_in_for(form[at + 1])));
}

// Whether the star at `at` stands for a letter: it is one of at most three in a row, with a letter on either side.
bool hides_a_letter(std::u32string_view form, std::size_t at) {
  constexpr std::size_t kMostHidden = 3;
  const std::size_t before = form.find_last_not_of(kHiddenLetter, at);
  const std::size_t after = form.find_first_not_of(kHiddenLetter, at);
  return before != std::u32string_view::npos && after != std::u32string_view::npos &&
         after - before <= kMostHidden + 1 && is_letter(form[before]) && is_letter(form[after]);
}

// What stands between two letters. One full stop may break up a word; with anything beside it, it ends a sentence.
Gap gap_between(std::u32string_view signs) {
  if (signs == U".") return Gap::kSoft;
  Gap gap = Gap::kNone;
  for (const char32_t sign : signs) gap = std::max(gap, sign == U'.' ? Gap::kMark : gap_of(sign));
  return gap;
}

}  // namespace

Spelling spell(std::u32string_view form, Reading reading) {
  Spelling letters;
  letters.reserve(form.size());
  std::size_t gap_begin = 0;
  for (std::size_t at = 0; at < form.size(); ++at) {
    const char32_t code = form[at];
    const bool stands_in = reading == Reading::kStandIns && stood_in_for(code) != 0 && !ends_a_clause(form, at);
    const bool is_hidden = reading == Reading::kHidden && code == kHiddenLetter && hides_a_letter(form, at);
    if (!is_letter(code) && !stands_in && !is_hidden) continue;
    Letter letter = reading == Reading::kStandIns ? stand_in_letter(code) : Letter{code};
    letter.before = gap_between(form.substr(gap_begin, at - gap_begin));
    gap_begin = at + 1;
    const bool is_stretched = reading == Reading::kStretched && letter.before == Gap::kNone && !letters.empty() &&
                              letters.back().code == code && !is_digit(code) && !is_spaceless(code);
    if (is_stretched) {
      ++letters.back().repeats;
    } else {
      letters.push_back(letter);
    }
  }
  return letters;
}

bool is_worth_reading(const Spelling& text, Reading reading) {
  switch (reading) {
    case Reading::kPlain:
      return !text.empty();
    case Reading::kStretched:
      return std::any_of(text.begin(), text.end(), [](const Letter& letter) { return letter.repeats >= 2; });
    case Reading::kStandIns:
      return std::any_of(text.begin(), text.end(), [](const Letter& letter) { return letter.is_stand_in; });
    case Reading::kHidden:
      return std::any_of(text.begin(), text.end(), [](const Letter& letter) { return letter.code == kHiddenLetter; });
  }
  return false;
}

}  // namespace zimg::filter
