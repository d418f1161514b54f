// Whether a text says a word at a place where its letters stand: the rules that keep "Scunthorpe" out.
//
// Free functions; thread-safe. docs/caching.md tells the rules to users.
#pragma once

#include <cstddef>

#include "filter/spelling.hpp"

namespace zimg::filter {

// `text` and `word` are spelled in the same `reading`, and the letters of `word` stand in `text` from `begin` on.
// Takes time in proportion to the word's length.
bool says(const Spelling& text, std::size_t begin, const Spelling& word, Reading reading);

}  // namespace zimg::filter
