// Text in Unicode's composed form (NFC), as the reference's Unicode 9 has it, in code points, and code points as UTF-8.
//
// Free functions; input is UTF-8 that was checked before.
#pragma once

#include <string>
#include <string_view>

namespace zimg::tokenizer {

// The code points of `text` in NFC. Time n log n, whatever the text.
std::u32string nfc(std::string_view text);

void append_utf8(char32_t point, std::string& text);

}  // namespace zimg::tokenizer
