#include "key/character_classes.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

namespace zimg::key {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t kCount>
bool is_in(char32_t code, const Range (&ranges)[kCount]) {
  const auto* after = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                       [](char32_t value, const Range& range) { return value < range.first; });
  return after != std::begin(ranges) && code <= std::prev(after)->last;
}

constexpr char32_t kFirstCombining = 0x300;

utf8proc_category_t category(char32_t code) {
  if (is_ideograph(code)) return UTF8PROC_CATEGORY_LO;
  if (code >= U'a' && code <= U'z') return UTF8PROC_CATEGORY_LL;
  if (code == U' ') return UTF8PROC_CATEGORY_ZS;
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

// All lists ascend.
constexpr Range kAlwaysInvisible[] = {
    {0x0000, 0x0008}, {0x000E, 0x001F}, {0x007F, 0x0084},   {0x0086, 0x009F},  // C0, C1
    {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},                      // soft hyphen, grapheme joiner, bidi
    {0x200B, 0x200B}, {0x200E, 0x200F}, {0x202A, 0x202E},                      // zero-width space, bidi
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xE0001, 0xE0001},                    // word joiner, bidi, byte order mark
};

constexpr Range kCjkRanges[] = {
    {0x1100, 0x11FF},   {0x2E80, 0x2FD5},   {0x3005, 0x3007},   {0x3021, 0x3029},   {0x3031, 0x3035}, {0x3038, 0x303C},
    {0x3041, 0x3096},   {0x3099, 0x309F},   {0x30A1, 0x30FA},   {0x30FC, 0x31BF},   {0x31F0, 0x31FF}, {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA960, 0xA97C},   {0xAC00, 0xD7FB},   {0xF900, 0xFAD9},   {0xFF66, 0xFF9F}, {0xFFA0, 0xFFDC},
    {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FF}, {0x1F200, 0x1F200}, {0x20000, 0x3347F},
};

constexpr Range kCjkMarks[] = {
    {0x3001, 0x3003}, {0x3008, 0x3011}, {0x3014, 0x301B}, {0x30FB, 0x30FB}, {0xFF01, 0xFF01},
    {0xFF08, 0xFF09}, {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF1F},
};

constexpr Range kUnspaced[] = {
    {0x0E00, 0x0EFF},  // Thai, Lao
    {0x1000, 0x109F},  // Myanmar
    {0x1780, 0x17FF},  // Khmer
    {0x1950, 0x19FF},  // Tai Le, New Tai Lue, Khmer symbols
    {0x1A20, 0x1AAF},  // Tai Tham
    {0xA9E0, 0xA9FF},  // Myanmar Extended
    {0xAA60, 0xAADF},  // Myanmar Extended, Tai Viet
};

constexpr Range kNeedsJoiners[] = {
    {0x0600, 0x07FF},    // Arabic, Syriac, Thaana, N'Ko
    {0x0840, 0x0DFF},    // Mandaic, Arabic Extended, Devanagari to Sinhala
    {0x0E00, 0x109F},    // Thai, Lao, Tibetan, Myanmar
    {0x1700, 0x18AF},    // Philippine scripts, Khmer, Mongolian
    {0x1900, 0x1AAF},    // Limbu, Tai Le, New Tai Lue, Buginese, Tai Tham
    {0x1B00, 0x1C4F},    // Balinese to Lepcha
    {0x1CD0, 0x1CFF},    // Vedic
    {0xA800, 0xA82F},    // Syloti Nagri
    {0xA840, 0xA8FF},    // Phags-pa, Saurashtra, Devanagari Extended
    {0xA930, 0xA95F},    // Rejang
    {0xA980, 0xAADF},    // Javanese, Myanmar Extended, Cham, Tai Viet
    {0xAAE0, 0xAAFF},    // Meetei Mayek
    {0xABC0, 0xABFF},    // Meetei Mayek
    {0xFB50, 0xFDFF},    // Arabic presentation forms
    {0xFE70, 0xFEFE},    // Arabic presentation forms
    {0x10A00, 0x10A5F},  // Kharoshthi
    {0x10AC0, 0x10AFF},  // Manichaean
    {0x11000, 0x11FFF},  // Brahmi and the scripts after it
    {0x1E900, 0x1E95F},  // Adlam
};

}  // namespace

bool is_always_invisible(char32_t code) {
  return is_in(code, kAlwaysInvisible);
}

bool is_other_cjk(char32_t code) {
  return is_in(code, kCjkRanges);
}

bool is_cjk_mark(char32_t code) {
  if (is_ideograph(code) || code < kCjkMarks[0].first) return false;
  return is_in(code, kCjkMarks);
}

bool is_word(char32_t code) {
  const auto found = category(code);
  return found >= UTF8PROC_CATEGORY_LU && found <= UTF8PROC_CATEGORY_NO;
}

bool is_letter(char32_t code) {
  const auto found = category(code);
  return found >= UTF8PROC_CATEGORY_LU && found <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(char32_t code) {
  const auto found = category(code);
  return found >= UTF8PROC_CATEGORY_MN && found <= UTF8PROC_CATEGORY_ME;
}

bool is_spaced_word(char32_t code) {
  return is_word(code) && !is_cjk(code) && !is_in(code, kUnspaced);
}

bool is_upper_case(char32_t code) {
  return category(code) == UTF8PROC_CATEGORY_LU;
}

bool is_symbol(char32_t code) {
  const auto found = category(code);
  return found == UTF8PROC_CATEGORY_SM || found == UTF8PROC_CATEGORY_SO;
}

bool is_combining(char32_t code) {
  if (is_ideograph(code) || code < kFirstCombining) return false;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class != 0;
}

bool is_pictographic(char32_t code) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->boundclass ==
         UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

bool needs_joiners(char32_t code) {
  return is_in(code, kNeedsJoiners);
}

}  // namespace zimg::key
