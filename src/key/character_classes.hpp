// What folding asks about a single code point. docs/key-format.md shows the lists.
//
// Free functions; thread-safe. What is asked of every character of a prompt again and again is answered inline.
#pragma once

namespace zimg::key {

// What nearly every character of a prompt is, and what is therefore looked at first.
constexpr bool is_printable_ascii(char32_t code) {
  return code >= 0x20 && code < 0x7F;
}
constexpr bool is_ideograph(char32_t code) {  // of the one block that most Chinese is written in
  return code >= 0x4E00 && code <= 0x9FFF;
}

constexpr bool is_line_break(char32_t code) {  // LF, VT, FF, CR, NEL, U+2028, U+2029
  return (code >= 0x0A && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
}
// Tab and every other space that is seen as one, the full-width one included.
constexpr bool is_blank(char32_t code) {
  return code == 0x09 || code == 0x20 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

// Never seen, whatever stands around it: zero-width, control and bidi characters.
bool is_always_invisible(char32_t code);
constexpr bool is_joiner(char32_t code) {
  return code == 0x200C || code == 0x200D;
}
constexpr bool is_variation_selector(char32_t code) {
  return (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
}
constexpr bool is_emoji_tag(char32_t code) {  // the regional flags are spelled with them
  return code >= 0xE0020 && code <= 0xE007F;
}
// Any of the four above: the characters that may be dropped, and that folding looks through.
inline bool is_maybe_invisible(char32_t code) {
  if (is_printable_ascii(code) || is_ideograph(code)) return false;
  return is_always_invisible(code) || is_joiner(code) || is_variation_selector(code) || is_emoji_tag(code);
}

bool is_other_cjk(char32_t code);    // a letter of theirs that is no ideograph of that block
inline bool is_cjk(char32_t code) {  // Han, kana, bopomofo and Hangul letters
  return is_ideograph(code) || (code >= 0x1100 && is_other_cjk(code));
}
bool is_cjk_mark(char32_t code);          // full-width punctuation and CJK brackets
constexpr bool is_digit(char32_t code) {  // ASCII or full-width
  return (code >= U'0' && code <= U'9') || (code >= 0xFF10 && code <= 0xFF19);
}
bool is_word(char32_t code);  // letter, mark or number of any script
bool is_letter(char32_t code);
bool is_mark(char32_t code);  // joins the letter before it, whether or not it composes with it
bool is_upper_case(char32_t code);
bool is_symbol(char32_t code);        // mathematical or pictorial
bool is_combining(char32_t code);     // moves in canonical ordering
bool is_pictographic(char32_t code);  // begins an emoji
// Of a word that blanks keep from the next: a letter, mark or number of any script but CJK and those of South-East Asia
// that write their words without blanks.
bool is_spaced_word(char32_t code);
// Of a script whose letters change shape under a joiner: Arabic, Syriac, N'Ko, Mongolian, the scripts of India and
// South-East Asia.
bool needs_joiners(char32_t code);

}  // namespace zimg::key
