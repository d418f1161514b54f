#include "tokenizer/pre_tokenizer.hpp"

#include "tokenizer/character_class.hpp"

namespace zimg::tokenizer {
namespace {

constexpr char32_t kLongS = 0x17F;  // folds to "s"

char32_t folded(char32_t point) {
  if (point == kLongS) return 's';
  return point >= 'A' && point <= 'Z' ? point - 'A' + 'a' : point;
}

bool is_space(CharacterClass kind) {
  return kind == CharacterClass::kSpace || kind == CharacterClass::kLineBreak;
}

// Whether text[at] exists and is of `kind`.
bool is_at(std::u32string_view text, std::size_t at, CharacterClass kind) {
  return at < text.size() && class_of(text[at]) == kind;
}

std::size_t skip(std::u32string_view text, std::size_t at, CharacterClass kind) {
  while (is_at(text, at, kind)) ++at;
  return at;
}

// The end of 's, 't, 're, 've, 'm, 'll or 'd at `begin`; `begin` when there is none.
std::size_t contraction_end(std::u32string_view text, std::size_t begin) {
  if (text[begin] != '\'' || begin + 1 >= text.size()) return begin;
  const char32_t first = folded(text[begin + 1]);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return begin + 2;
  if (begin + 2 >= text.size()) return begin;
  const char32_t second = folded(text[begin + 2]);
  const bool is_pair = ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
  return is_pair ? begin + 3 : begin;
}

// The last three alternatives: `begin` is white space and no letter or sign takes it along.
std::size_t space_end(std::u32string_view text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t after_break = begin;
  while (end < text.size() && is_space(class_of(text[end]))) {
    if (class_of(text[end++]) == CharacterClass::kLineBreak) after_break = end;
  }
  if (after_break > begin) return after_break;
  const bool leaves_last = end < text.size() && end - begin > 1;  // the last blank belongs to the word that follows
  return leaves_last ? end - 1 : end;
}

}  // namespace

std::size_t word_end(std::u32string_view text, std::size_t begin) {
  if (const std::size_t end = contraction_end(text, begin); end > begin) return end;
  const CharacterClass kind = class_of(text[begin]);
  if (kind == CharacterClass::kLetter) return skip(text, begin, CharacterClass::kLetter);
  const bool may_lead = kind == CharacterClass::kSpace || kind == CharacterClass::kOther;
  if (may_lead && is_at(text, begin + 1, CharacterClass::kLetter)) {
    return skip(text, begin + 1, CharacterClass::kLetter);
  }
  if (kind == CharacterClass::kNumber) return begin + 1;
  const bool leads_signs = text[begin] == ' ' && is_at(text, begin + 1, CharacterClass::kOther);
  if (kind == CharacterClass::kOther || leads_signs) {
    const std::size_t end = skip(text, begin + 1, CharacterClass::kOther);
    return skip(text, end, CharacterClass::kLineBreak);
  }
  return space_end(text, begin);
}

}  // namespace zimg::tokenizer
