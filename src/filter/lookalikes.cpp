#include "filter/lookalikes.hpp"

#include <algorithm>
#include <iterator>

namespace zimg::filter {
namespace {

struct Lookalike {
  char32_t code;
  char letter;
};

// Both tables ascend. Capitals stand for themselves, because Greek ones often resemble another letter than the small.
constexpr Lookalike kForeign[] = {
    {U'Α', 'A'}, {U'Β', 'B'}, {U'Γ', 'R'}, {U'Δ', 'A'}, {U'Ε', 'E'}, {U'Ζ', 'Z'}, {U'Η', 'H'}, {U'Ι', 'I'}, {U'Κ', 'K'},
    {U'Λ', 'A'}, {U'Μ', 'M'}, {U'Ν', 'N'}, {U'Ο', 'O'}, {U'Ρ', 'P'}, {U'Σ', 'E'}, {U'Τ', 'T'}, {U'Υ', 'Y'}, {U'Χ', 'X'},
    {U'Ω', 'O'}, {U'α', 'a'}, {U'β', 'b'}, {U'γ', 'y'}, {U'ε', 'e'}, {U'ζ', 'z'}, {U'η', 'n'}, {U'ι', 'i'}, {U'κ', 'k'},
    {U'μ', 'u'}, {U'ν', 'v'}, {U'ο', 'o'}, {U'π', 'n'}, {U'ρ', 'p'}, {U'σ', 'o'}, {U'τ', 't'}, {U'υ', 'u'}, {U'χ', 'x'},
    {U'ω', 'w'}, {U'ϳ', 'j'}, {U'Ѕ', 'S'}, {U'І', 'I'}, {U'Ј', 'J'}, {U'А', 'A'}, {U'В', 'B'}, {U'Г', 'R'}, {U'Е', 'E'},
    {U'К', 'K'}, {U'М', 'M'}, {U'Н', 'H'}, {U'О', 'O'}, {U'П', 'N'}, {U'Р', 'P'}, {U'С', 'C'}, {U'Т', 'T'}, {U'У', 'Y'},
    {U'Х', 'X'}, {U'Ь', 'B'}, {U'а', 'a'}, {U'в', 'b'}, {U'г', 'r'}, {U'е', 'e'}, {U'к', 'k'}, {U'м', 'm'}, {U'н', 'h'},
    {U'о', 'o'}, {U'п', 'n'}, {U'р', 'p'}, {U'с', 'c'}, {U'т', 't'}, {U'у', 'y'}, {U'х', 'x'}, {U'ь', 'b'}, {U'ѕ', 's'},
    {U'і', 'i'}, {U'ј', 'j'}, {U'Ѡ', 'W'}, {U'ѡ', 'w'}, {U'Ѵ', 'V'}, {U'ѵ', 'v'}, {U'Ғ', 'F'}, {U'ғ', 'f'}, {U'Ү', 'Y'},
    {U'ү', 'y'}, {U'Һ', 'H'}, {U'һ', 'h'}, {U'Ҽ', 'E'}, {U'ҽ', 'e'}, {U'Ӏ', 'L'}, {U'ӏ', 'l'}, {U'Ԁ', 'D'}, {U'ԁ', 'd'},
    {U'Ԛ', 'Q'}, {U'ԛ', 'q'}, {U'Ԝ', 'W'}, {U'ԝ', 'w'},
};

// Small letters only: these are asked for after case folding.
constexpr Lookalike kLatin[] = {
    {U'ð', 'd'}, {U'ø', 'o'}, {U'þ', 'p'}, {U'đ', 'd'}, {U'ħ', 'h'}, {U'ı', 'i'}, {U'ĸ', 'k'}, {U'ł', 'l'}, {U'ŋ', 'n'},
    {U'ŧ', 't'}, {U'ƀ', 'b'}, {U'ƒ', 'f'}, {U'ƙ', 'k'}, {U'ƚ', 'l'}, {U'ƥ', 'p'}, {U'ƭ', 't'}, {U'ƴ', 'y'}, {U'ƶ', 'z'},
    {U'ǝ', 'e'}, {U'ȷ', 'j'}, {U'ȼ', 'c'}, {U'ɇ', 'e'}, {U'ɉ', 'j'}, {U'ɋ', 'q'}, {U'ɍ', 'r'}, {U'ɏ', 'y'}, {U'ɐ', 'a'},
    {U'ɑ', 'a'}, {U'ɓ', 'b'}, {U'ɔ', 'o'}, {U'ɖ', 'd'}, {U'ɗ', 'd'}, {U'ə', 'e'}, {U'ɛ', 'e'}, {U'ɜ', 'e'}, {U'ɠ', 'g'},
    {U'ɡ', 'g'}, {U'ɢ', 'g'}, {U'ɦ', 'h'}, {U'ɨ', 'i'}, {U'ɩ', 'i'}, {U'ɪ', 'i'}, {U'ɫ', 'l'}, {U'ɭ', 'l'}, {U'ɯ', 'm'},
    {U'ɱ', 'm'}, {U'ɲ', 'n'}, {U'ɳ', 'n'}, {U'ɴ', 'n'}, {U'ɵ', 'o'}, {U'ɹ', 'r'}, {U'ɽ', 'r'}, {U'ɾ', 'r'}, {U'ʀ', 'r'},
    {U'ʁ', 'r'}, {U'ʂ', 's'}, {U'ʈ', 't'}, {U'ʉ', 'u'}, {U'ʋ', 'v'}, {U'ʍ', 'w'}, {U'ʏ', 'y'}, {U'ʐ', 'z'}, {U'ʙ', 'b'},
    {U'ʜ', 'h'}, {U'ʝ', 'j'}, {U'ʟ', 'l'}, {U'ᴀ', 'a'}, {U'ᴄ', 'c'}, {U'ᴅ', 'd'}, {U'ᴇ', 'e'}, {U'ᴊ', 'j'}, {U'ᴋ', 'k'},
    {U'ᴍ', 'm'}, {U'ᴏ', 'o'}, {U'ᴘ', 'p'}, {U'ᴛ', 't'}, {U'ᴜ', 'u'}, {U'ᴠ', 'v'}, {U'ᴡ', 'w'}, {U'ᴢ', 'z'}, {U'ⱥ', 'a'},
    {U'ꜰ', 'f'}, {U'ꜱ', 's'},
};

template <std::size_t kCount>
char32_t look_up(char32_t code, const Lookalike (&table)[kCount]) {
  const auto* const found = std::lower_bound(std::begin(table), std::end(table), code,
                                             [](const Lookalike& one, char32_t wanted) { return one.code < wanted; });
  return found != std::end(table) && found->code == code ? static_cast<char32_t>(found->letter) : code;
}

}  // namespace

char32_t latin_for_foreign(char32_t code) {
  return look_up(code, kForeign);
}

char32_t latin_for_variant(char32_t code) {
  if (code >= 0x1F1E6 && code <= 0x1F1FF) return U'a' + (code - 0x1F1E6);  // regional indicators
  if (code >= 0x1F150 && code <= 0x1F169) return U'a' + (code - 0x1F150);  // white on a black circle
  if (code >= 0x1F170 && code <= 0x1F189) return U'a' + (code - 0x1F170);  // white on a black square
  return look_up(code, kLatin);
}

}  // namespace zimg::filter
