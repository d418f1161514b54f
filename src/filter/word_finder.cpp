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

// A short word backwards is often another word: "reward" and "drawer", 红酒 and 酒红.
bool is_told_backwards(const std::u32string& form) {
  const Spelling letters = spell(form, Reading::kPlain);
  const bool is_loose =
      std::all_of(letters.begin(), letters.end(), [](const Letter& letter) { return is_spaceless(letter.code); });
  return letters.size() >= (is_loose ? 3u : 7u);
}

}  // namespace

WordFinder::Lexicon::Lexicon(const std::vector<std::u32string>& forms, Reading reading)
    : reading_(reading), words_(grouped(forms, reading)), automaton_(letters_of(words_)) {}

bool WordFinder::Lexicon::finds(std::u32string_view form) const {
  const Spelling text = spell(form, reading_);
  if (!is_worth_reading(text, reading_)) return false;
  const auto is_said = [&](std::uint32_t group, std::size_t end) {
    const std::vector<Spelling>& words = words_[group];
    const std::size_t begin = end - words.front().size();
    return std::any_of(words.begin(), words.end(),
                       [&](const Spelling& word) { return says(text, begin, word, reading_); });
  };
  return reading_ == Reading::kHidden ? automaton_.find_with_hidden(text, kHiddenLetter, is_said)
                                      : automaton_.find(text, is_said);
}

WordFinder::Forms WordFinder::forms_of(const std::vector<std::string>& words) {
  Forms forms;
  for (const std::string& word : words) {
    for (std::u32string& form : filter::forms_of(word)) {
      if (is_told_backwards(form)) forms.backwards.push_back(form);
      forms.all.push_back(std::move(form));
    }
  }
  return forms;
}

WordFinder::WordFinder(const std::vector<std::string>& words) : WordFinder(forms_of(words)) {}

WordFinder::WordFinder(const Forms& forms) : backwards_(forms.backwards, Reading::kPlain) {
  for (const Reading reading : {Reading::kPlain, Reading::kStretched, Reading::kStandIns, Reading::kHidden}) {
    lexicons_.emplace_back(forms.all, reading);
  }
}

bool WordFinder::finds(std::u32string_view form) const {
  const bool is_said =
      std::any_of(lexicons_.begin(), lexicons_.end(), [form](const Lexicon& lexicon) { return lexicon.finds(form); });
  return is_said || backwards_.finds(std::u32string(form.rbegin(), form.rend()));
}

}  // namespace zimg::filter
