#include "key/code_points.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "base/composition.hpp"
#include "key/character_classes.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

// Of the model's added tokens, such as <think>.
constexpr char32_t kEndOfToken = U'>';

int combining_class(utf8proc_int32_t code) {
  return utf8proc_get_property(code)->combining_class;
}

void append_decomposed(std::vector<utf8proc_int32_t>& out, char32_t code) {
  utf8proc_int32_t pieces[8];  // the longest canonical decomposition has four
  int boundary = UTF8PROC_BOUNDCLASS_START;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), pieces, 8,
                                             static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE), &boundary);
  if (count < 0 || count > 8) throw Error(ErrorCode::kInternal, "utf8proc could not decompose a code point");
  out.insert(out.end(), pieces, pieces + count);
}

struct CommonRange {
  char32_t first, last;
};

// The characters of most prompts that composing never touches, whatever stands beside them: none is a mark, none is
// composed with what precedes it, and each is its own composition. The most frequent come first.
constexpr CommonRange kNeverComposed[] = {
    {0x0000, 0x02FF},    // Latin
    {0x309B, 0x9FFF},    // katakana, ideographs
    {0xFF01, 0xFFEE},    // full-width and half-width forms
    {0x3000, 0x3029},    // CJK punctuation
    {0x3030, 0x3098},    // hiragana
    {0x2002, 0x206F},    // general punctuation
    {0xAC00, 0xD7A3},    // Hangul syllables
    {0x0388, 0x0482},    // Greek, Cyrillic
    {0x1F300, 0x1FAFF},  // emoji
};

bool is_never_composed(char32_t code) {
  if (is_ideograph(code)) return true;
  return std::any_of(std::begin(kNeverComposed), std::end(kNeverComposed),
                     [code](const CommonRange& range) { return code >= range.first && code <= range.last; });
}

// utf8proc's own ordering takes quadratic time in a run of marks, which a prompt of 1 MiB would make felt.
void order_marks(std::vector<utf8proc_int32_t>& codes) {
  const auto is_starter = [](utf8proc_int32_t code) { return combining_class(code) == 0; };
  auto at = codes.begin();
  while (at != codes.end()) {
    const auto first = std::find_if_not(at, codes.end(), is_starter);
    const auto last = std::find_if(first, codes.end(), is_starter);
    std::stable_sort(first, last,
                     [](utf8proc_int32_t a, utf8proc_int32_t b) { return combining_class(a) < combining_class(b); });
    at = last;
  }
}

}  // namespace

std::u32string to_code_points(std::string_view text) {
  std::u32string codes(text.size(), 0);
  std::size_t count = 0;
  const auto octet = [&](std::size_t at) { return static_cast<char32_t>(static_cast<std::uint8_t>(text[at])); };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t lead = octet(at);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (octet(at + i) & 0x3F);
    codes[count++] = code;
    at += length;
  }
  codes.resize(count);
  return codes;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto put = [&](char32_t octet) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(octet))); };
  for (const char32_t code : text) {
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | (code >> 6));
      put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      put(0xE0 | (code >> 12));
      put(0x80 | ((code >> 6) & 0x3F));
      put(0x80 | (code & 0x3F));
    } else {
      put(0xF0 | (code >> 18));
      put(0x80 | ((code >> 12) & 0x3F));
      put(0x80 | ((code >> 6) & 0x3F));
      put(0x80 | (code & 0x3F));
    }
  }
  return out;
}

bool is_surely_composed(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t code) { return is_never_composed(code); });
}

std::u32string compose(std::u32string_view text) {
  if (is_surely_composed(text)) return std::u32string(text);
  std::u32string composed;
  composed.reserve(text.size());
  std::vector<utf8proc_int32_t> codes;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(kEndOfToken, begin), text.size() - 1) + 1;
    codes.clear();
    for (const char32_t code : text.substr(begin, end - begin)) append_decomposed(codes, code);
    order_marks(codes);
    codes.resize(base::compose(codes.data(), codes.size()));
    composed.append(codes.begin(), codes.end());
    begin = end;
  }
  return composed;
}

}  // namespace zimg::key
