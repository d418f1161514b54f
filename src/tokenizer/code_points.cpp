#include "tokenizer/code_points.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "zimg/error.hpp"

namespace zimg::tokenizer {
namespace {

using Points = std::vector<utf8proc_int32_t>;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The canonical decomposition of `text`, not yet in canonical order.
Points decompose(std::string_view text) {
  Points points;
  points.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &point);
    std::array<utf8proc_int32_t, 8> parts{};
    int ignored = 0;
    const auto count = utf8proc_decompose_char(point, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &ignored);
    if (length <= 0 || count < 0)
      throw Error(ErrorCode::kInternal, "a code point of checked text has no decomposition");
    points.insert(points.end(), parts.begin(), parts.begin() + count);
    at += length;
    left -= length;
  }
  return points;
}

utf8proc_propval_t combining_class(utf8proc_int32_t point) {
  return utf8proc_get_property(point)->combining_class;
}

// Orders each run of combining marks by class. utf8proc would do it as well, in quadratic time: a prompt of a million
// marks must not hang.
void order_marks(Points& points) {
  for (auto begin = points.begin(); begin != points.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end = std::find_if(begin, points.end(), [](auto point) { return combining_class(point) == 0; });
    std::stable_sort(begin, end, [](auto a, auto b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

}  // namespace

std::u32string nfc(std::string_view text) {
  if (is_ascii(text)) return {text.begin(), text.end()};
  Points points = decompose(text);
  order_marks(points);
  const auto count = utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
                                              static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  if (count < 0) throw Error(ErrorCode::kInternal, "checked text cannot be composed");
  return {points.begin(), points.begin() + count};
}

void append_utf8(char32_t point, std::string& text) {
  std::array<utf8proc_uint8_t, 4> octets{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), octets.data());
  text.append(reinterpret_cast<const char*>(octets.data()), static_cast<std::size_t>(count));
}

CharacterClass class_of(char32_t point) {
  if (point == '\r' || point == '\n') return CharacterClass::kLineBreak;
  if ((point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85) return CharacterClass::kSpace;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharacterClass::kLetter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterClass::kNumber;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharacterClass::kSpace;
    default:
      return CharacterClass::kOther;
  }
}

}  // namespace zimg::tokenizer
