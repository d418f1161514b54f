// Cuts text into the words that the byte-pair encoder never merges across:
//
//   (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N} | \ ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+
//   | \s+(?!\S) | \s+
//
// tried in this order at each place, as a backtracking regular expression would.
#pragma once

#include <cstddef>
#include <string_view>

namespace zimg::tokenizer {

// The end of the word that begins at `begin`, which is less than text.size(). Linear over a whole text.
std::size_t word_end(std::u32string_view text, std::size_t begin);

}  // namespace zimg::tokenizer
