#include "key/ascii_punctuation.hpp"

namespace zimg::key {
namespace {

char32_t ascii_of(char32_t code) {
  switch (code) {
    case U'、':
    case U'､':
    case U'﹐':
    case U'﹑':
      return U',';
    case U'。':
    case U'｡':
      return U'.';
    case U'〈':
    case U'《':
      return U'<';
    case U'〉':
    case U'》':
      return U'>';
    case U'【':
    case U'〔':
    case U'〖':
    case U'〘':
    case U'〚':
      return U'[';
    case U'】':
    case U'〕':
    case U'〗':
    case U'〙':
    case U'〛':
      return U']';
    case U'〜':
      return U'~';
    case U'＂':
    case U'＇':
      return code;
    default:
      // Full-width forms of ASCII; letters and digits among them are ASCII before this is asked.
      return code >= U'！' && code <= U'～' ? code - 0xFEE0 : code;
  }
}

}  // namespace

std::u32string to_ascii_punctuation(std::u32string_view text) {
  std::u32string ascii(text);
  for (char32_t& code : ascii) code = ascii_of(code);
  return ascii;
}

}  // namespace zimg::key
