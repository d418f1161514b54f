// Writing CJK and full-width punctuation in ASCII, whatever text it stands in: a step of the loose level.
#pragma once

#include <string>
#include <string_view>

namespace zimg::key {

// One code point for one. Quotation marks stay, full-width ones too: in ASCII they would quote. docs/key-format.md has
// the table.
std::u32string to_ascii_punctuation(std::u32string_view text);

}  // namespace zimg::key
