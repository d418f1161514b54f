// Text as code points, the form in which folding works, and its canonical composition (Unicode NFC).
//
// Free functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace zimg::key {

// REQUIRES: `text` is valid UTF-8.
std::u32string to_code_points(std::string_view text);

std::string to_utf8(std::u32string_view text);

// Whether `text` is seen at a glance to be in NFC already; one that is not may be in NFC all the same.
bool is_surely_composed(std::u32string_view text);

// The text in NFC, but that nothing is composed with a `>`: it may end an added token, behind which the tokenizer
// composes anew (https://github.com/huggingface/tokenizers looks for added tokens in the text as it is typed). Takes
// linear time but for the sorting of each run of combining marks.
std::u32string compose(std::u32string_view text);

}  // namespace zimg::key
