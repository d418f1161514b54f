#include "tokenizer/normal_form.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/composition.hpp"
#include "zimg/error.hpp"

namespace zimg::tokenizer {
namespace {

using Points = std::vector<utf8proc_int32_t>;

struct YoungMarks {
  utf8proc_int32_t first;
  utf8proc_int32_t last;
};

// Combining marks that are younger than the Unicode 9 of the reference's NFC, which neither orders them nor composes
// past them. Made by comparing every code point; tests/parity/tokenizer_strings.py keeps an eye on it.
constexpr std::array<YoungMarks, 36> kYoungMarks{{
    {0x7FD, 0x7FD},     {0x898, 0x89F},     {0x8CA, 0x8D3},     {0x9FE, 0x9FE},     {0xC3C, 0xC3C},
    {0xD3B, 0xD3C},     {0xEBA, 0xEBA},     {0x1715, 0x1715},   {0x1ABF, 0x1ACE},   {0x1DF6, 0x1DFA},
    {0xA82C, 0xA82C},   {0x10D24, 0x10D27}, {0x10EAB, 0x10EAC}, {0x10EFD, 0x10EFF}, {0x10F46, 0x10F50},
    {0x10F82, 0x10F85}, {0x11070, 0x11070}, {0x1133B, 0x1133B}, {0x1145E, 0x1145E}, {0x11839, 0x1183A},
    {0x1193D, 0x1193E}, {0x11943, 0x11943}, {0x119E0, 0x119E0}, {0x11A34, 0x11A34}, {0x11A47, 0x11A47},
    {0x11A99, 0x11A99}, {0x11D42, 0x11D42}, {0x11D44, 0x11D45}, {0x11D97, 0x11D97}, {0x11F41, 0x11F42},
    {0x16FF0, 0x16FF1}, {0x1E08F, 0x1E08F}, {0x1E130, 0x1E136}, {0x1E2AE, 0x1E2AE}, {0x1E2EC, 0x1E2EF},
    {0x1E4EC, 0x1E4EF},
}};

bool is_young_mark(utf8proc_int32_t point) {
  const auto* range = std::lower_bound(kYoungMarks.begin(), kYoungMarks.end(), point,
                                       [](const YoungMarks& at, utf8proc_int32_t value) { return at.last < value; });
  return range != kYoungMarks.end() && point >= range->first;
}

// The one letter of that age with a decomposition, and the second half of it.
constexpr utf8proc_int32_t kYoungLetter = 0x11938;
constexpr utf8proc_int32_t kYoungLetterEnd = 0x11930;

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
    std::array<utf8proc_int32_t, 8> parts{point};
    int ignored = 0;
    const auto count = point == kYoungLetter
                           ? 1
                           : utf8proc_decompose_char(point, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &ignored);
    if (length <= 0 || count < 0)
      throw Error(ErrorCode::kInternal, "a code point of checked text has no decomposition");
    points.insert(points.end(), parts.begin(), parts.begin() + count);
    at += length;
    left -= length;
  }
  return points;
}

utf8proc_propval_t combining_class(utf8proc_int32_t point) {
  const auto combining = utf8proc_get_property(point)->combining_class;
  return combining != 0 && is_young_mark(point) ? utf8proc_propval_t{0} : combining;
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

// Composes what lies between young characters, across which nothing composes, and appends it to `text`.
void compose(Points& points, std::u32string& text) {
  const auto is_border = [](utf8proc_int32_t point) { return point == kYoungLetterEnd || is_young_mark(point); };
  for (auto begin = points.begin(); begin != points.end();) {
    const auto end = std::find_if(begin + 1, points.end(), is_border);
    const std::size_t count = base::compose(&*begin, static_cast<std::size_t>(end - begin));
    text.append(begin, begin + static_cast<std::ptrdiff_t>(count));
    begin = end;
  }
}

}  // namespace

std::u32string nfc(std::string_view text) {
  if (is_ascii(text)) return {text.begin(), text.end()};
  Points points = decompose(text);
  order_marks(points);
  std::u32string composed;
  composed.reserve(points.size());
  compose(points, composed);
  return composed;
}

void append_utf8(char32_t point, std::string& text) {
  std::array<utf8proc_uint8_t, 4> octets{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), octets.data());
  text.append(reinterpret_cast<const char*>(octets.data()), static_cast<std::size_t>(count));
}

}  // namespace zimg::tokenizer
