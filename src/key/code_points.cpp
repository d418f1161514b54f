#include "key/code_points.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "zimg/error.hpp"

namespace zimg::key {
namespace {

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
  std::u32string codes;
  codes.reserve(text.size());
  const auto octet = [&](std::size_t at) { return static_cast<char32_t>(static_cast<std::uint8_t>(text[at])); };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t lead = octet(at);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (octet(at + i) & 0x3F);
    codes.push_back(code);
    at += length;
  }
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

std::u32string compose(std::u32string_view text) {
  // Below U+0300 nothing decomposes further than it would be composed again.
  if (std::all_of(text.begin(), text.end(), [](char32_t code) { return code < 0x300; })) return std::u32string(text);
  std::vector<utf8proc_int32_t> codes;
  codes.reserve(text.size() + 1);
  for (const char32_t code : text) append_decomposed(codes, code);
  order_marks(codes);
  const auto length = utf8proc_normalize_utf32(codes.data(), static_cast<utf8proc_ssize_t>(codes.size()),
                                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0) throw Error(ErrorCode::kInternal, "utf8proc could not compose a text");
  return std::u32string(codes.begin(), codes.begin() + length);
}

}  // namespace zimg::key
