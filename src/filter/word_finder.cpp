#include "filter/word_finder.hpp"

#include <algorithm>
#include <unordered_map>

#include "filter/matching_form.hpp"
#include "filter/saying.hpp"

namespace zimg::filter {
namespace {

std::u32string letters_of(const Spelling& word) {
  std::u32string letters(word.size(), 0);
  std::transform(word.begin(), word.end(), letters.begin(), [](const Letter& letter) { return letter.code; });
  return letters;
}

// Words by their letters, in the order in which the letters first came.
std::vector<std::vector<Spelling>> grouped(const std::vector<std::u32string>& forms, Reading reading) {
  std::vector<std::vector<Spelling>> groups;
  std::unordered_map<std::u32string, std::size_t> places;
  for (const std::u32string& form : forms) {
    Spelling word = spell(form, reading);
    const auto [place, is_new] = places.try_emplace(letters_of(word), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(std::move(word));
  }
  return groups;
}

std::vector<std::u32string> letters_of(const std::vector<std::vector<Spelling>>& groups) {
  std::vector<std::u32string> letters;
  letters.reserve(groups.size());
  for (const auto& group : groups) letters.push_back(letters_of(group.front()));
  return letters;
}

// As a text that says `word` may have it. A word of an alphabet that has lookalikes may be read as it is, or as it is
// after a Latin letter was put into it; the latter only where it stays foreign, or it would be some Latin word.
std::vector<std::u32string> forms_of(const std::string& word) {
  std::vector<std::u32string> forms{matching_form(word), matching_form(word, Lookalikes::kNowhere)};
  std::u32string mixed = matching_form(word, Lookalikes::kEverywhere);
  if (std::any_of(mixed.begin(), mixed.end(), is_foreign_alphabet)) forms.push_back(std::move(mixed));
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

}  // namespace

WordFinder::Lexicon::Lexicon(const std::vector<std::u32string>& forms, Reading reading)
    : reading_(reading), words_(grouped(forms, reading)), automaton_(letters_of(words_)) {}

bool WordFinder::Lexicon::finds(std::u32string_view form) const {
  const Spelling text = spell(form, reading_);
  if (!is_worth_reading(text, reading_)) return false;
  return automaton_.find(text, [&](std::uint32_t group, std::size_t end) {
    const std::vector<Spelling>& words = words_[group];
    const std::size_t begin = end - words.front().size();
    return std::any_of(words.begin(), words.end(),
                       [&](const Spelling& word) { return says(text, begin, word, reading_); });
  });
}

WordFinder::WordFinder(const std::vector<std::string>& words) {
  std::vector<std::u32string> forms;
  for (const std::string& word : words) {
    for (std::u32string& form : forms_of(word)) forms.push_back(std::move(form));
  }
  for (const Reading reading : {Reading::kPlain, Reading::kStretched, Reading::kStandIns}) {
    lexicons_.emplace_back(forms, reading);
  }
}

bool WordFinder::finds(std::u32string_view form) const {
  return std::any_of(lexicons_.begin(), lexicons_.end(),
                     [form](const Lexicon& lexicon) { return lexicon.finds(form); });
}

}  // namespace zimg::filter
