// What folding asks about a single code point. docs/key-format.md shows the lists.
//
// Free functions; thread-safe.
#pragma once

namespace zimg::key {

bool is_line_break(char32_t code);  // LF, VT, FF, CR, NEL, U+2028, U+2029
bool is_blank(char32_t code);       // tab and every other space that is seen as one, the full-width one included

// Never seen, whatever stands around it: zero-width, control and bidi characters.
bool is_always_invisible(char32_t code);
bool is_joiner(char32_t code);              // U+200C, U+200D
bool is_variation_selector(char32_t code);  // U+FE00 to U+FE0F, U+E0100 to U+E01EF
bool is_emoji_tag(char32_t code);           // U+E0020 to U+E007F: the regional flags are spelled with them
// Any of the four above: the characters that may be dropped, and that folding looks through.
bool is_maybe_invisible(char32_t code);

bool is_cjk(char32_t code);       // Han, kana, bopomofo and Hangul letters
bool is_cjk_mark(char32_t code);  // full-width punctuation and CJK brackets
bool is_digit(char32_t code);     // ASCII or full-width
bool is_word(char32_t code);      // letter, mark or number of any script
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
