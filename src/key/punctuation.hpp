// Writing punctuation in the form that is native to the text it follows. docs/key-format.md explains the rules.
#pragma once

#include <optional>
#include <vector>

#include "key/quotes.hpp"

namespace zimg::key {

// One mark in its two forms. A mark of Chinese alone has an ASCII form to take in other text; none leads back.
struct PunctuationMark {
  char32_t ascii;
  char32_t full_width;
  bool is_one_way;
};

inline constexpr PunctuationMark kPunctuationMarks[] = {
    {U',', U'，', false}, {U'.', U'。', false}, {U';', U'；', false}, {U':', U'：', false}, {U'?', U'？', false},
    {U'!', U'！', false}, {U'(', U'（', false}, {U')', U'）', false}, {U',', U'、', true},  {U'.', U'．', true},
};

// The mark that `code` is one of the forms of; none for all else.
constexpr std::optional<PunctuationMark> find_mark(char32_t code) {
  if (code > U'?' && (code < U'、' || (code > U'。' && code < U'！'))) {
    return std::nullopt;  // what nearly all characters are
  }
  for (const PunctuationMark& mark : kPunctuationMarks) {
    if (code == mark.full_width || (code == mark.ascii && !mark.is_one_way)) return mark;
  }
  return std::nullopt;
}

// Folds the punctuation of the segments that are not quoted and tells whether that changed any; no segment changes its
// length. Takes linear time.
// REQUIRES: nothing that can be dropped as invisible, no full-width letters or digits outside quotations.
bool fold_punctuation(std::vector<Segment>& segments);

}  // namespace zimg::key
