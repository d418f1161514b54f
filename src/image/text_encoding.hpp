// The encodings of text inside picture files, to UTF-8 and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zimg::image {

enum class ByteOrder : std::uint8_t { kBig, kLittle };

bool is_ascii(std::string_view text) noexcept;

// `text` must be UTF-8. Big-endian, without a byte-order mark.
std::string utf16_from_utf8(std::string_view text);

// Halves of surrogate pairs without the other half become U+FFFD. A byte-order mark overrules `order`.
std::string utf8_from_utf16(std::string_view text, ByteOrder order);

// The order that a text in UTF-16 was written in where its file claims one that cannot be relied on: `claimed`, unless
// the text clearly makes more sense in the other.
ByteOrder likely_utf16_order(std::string_view text, ByteOrder claimed);

// `text` as it stands where it is UTF-8, which many programs write where Latin-1 belongs; else from Latin-1.
std::string utf8_from_latin1(std::string_view text);

}  // namespace zimg::image
