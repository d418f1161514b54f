// Where a prompt quotes: the text that the model is asked to write into the picture, which folding must leave alone.
//
// Quoted is what stands between “ and ”, 「 and 」, 『 and 』, ‘ and ’, " and ", ' and '. A mark without its partner
// quotes nothing. What may be dropped as invisible does not change the answer, nor does any other step of folding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zimg::key {

constexpr bool is_quotation_mark(char32_t code) {
  return code == U'"' || code == U'\'' || (code >= U'‘' && code <= U'”') || (code >= U'「' && code <= U'』');
}

// A stretch of text, quotation marks included where it is quoted.
struct Segment {
  std::u32string text;
  bool is_quoted = false;
};

// `text` cut at its outermost quotations; the segments joined are `text`. Takes linear time.
std::vector<Segment> split_at_quotes(std::u32string_view text);

}  // namespace zimg::key
