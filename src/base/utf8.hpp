// Is it UTF-8? RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zimg::base {

// The offset in octets of the first sequence that is not UTF-8; nullopt when all of `text` is.
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

// `text` with U+FFFD in the place of each octet that belongs to no sequence of UTF-8.
std::string repaired_utf8(std::string_view text);

}  // namespace zimg::base
