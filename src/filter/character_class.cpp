#include "filter/character_class.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace zimg::filter {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t kCount>
bool is_in(char32_t code, const Range (&ranges)[kCount]) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

constexpr Range kSpaceless[] = {
    {0x0E00, 0x0EFF},    // Thai, Lao
    {0x1000, 0x109F},    // Myanmar
    {0x1100, 0x11FF},    // Hangul
    {0x1780, 0x17FF},    // Khmer
    {0x2E80, 0x2FDF},    // Han
    {0x3005, 0x3007},    // Han
    {0x3041, 0x31FF},    // kana, bopomofo, Hangul
    {0x3400, 0x9FFF},    // Han
    {0xA960, 0xA97F},    // Hangul
    {0xAC00, 0xD7FF},    // Hangul
    {0xF900, 0xFAFF},    // Han
    {0x1AFF0, 0x1B16F},  // kana
    {0x20000, 0x3FFFF},  // Han
};

constexpr Range kOrnaments[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F},
};

constexpr std::u32string_view kSoftMarks = U"-_*#%&\u00B7\u2010\u2011\u2022\u2027\u2219\u30FB";

utf8proc_category_t category(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

}  // namespace

bool is_letter(char32_t code) {
  const auto found = category(code);
  return found >= UTF8PROC_CATEGORY_LU && found <= UTF8PROC_CATEGORY_NO;
}

bool is_digit(char32_t code) {
  return code >= U'0' && code <= U'9';
}

bool is_latin(char32_t code) {
  return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z');
}

bool is_foreign_alphabet(char32_t code) {
  return code >= 0x0370 && code <= 0x052F && is_letter(code);
}

bool is_spaceless(char32_t code) {
  return code >= 0x0E00 && is_in(code, kSpaceless);
}

bool is_ornament(char32_t code) {
  return code >= 0x0300 && is_in(code, kOrnaments);
}

bool is_control(char32_t code) {
  return category(code) == UTF8PROC_CATEGORY_CC && !(code >= 0x09 && code <= 0x0D) && code != 0x85;
}

Gap gap_of(char32_t code) {
  const auto found = category(code);
  const bool is_blank = found >= UTF8PROC_CATEGORY_ZS && found <= UTF8PROC_CATEGORY_ZP;
  if (is_blank || found == UTF8PROC_CATEGORY_CC) return Gap::kBlank;
  if (kSoftMarks.find(code) != std::u32string_view::npos) return Gap::kSoft;
  return found >= UTF8PROC_CATEGORY_SM && found <= UTF8PROC_CATEGORY_SO ? Gap::kSoft : Gap::kMark;
}

}  // namespace zimg::filter
