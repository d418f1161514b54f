// Byte-level BPE writes every octet as one printable character: 33-126, 161-172 and 174-255 as themselves, the other 68
// as U+0100, U+0101, … in order. A vocabulary's pieces are strings of such characters.
//
// Free functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zimg::tokenizer {

// The character of `octet`, in UTF-8.
std::string symbol_of(std::uint8_t octet);

// The octets that `symbols` stands for; nullopt when a character of it is no symbol.
std::optional<std::string> octets_of(std::string_view symbols);

}  // namespace zimg::tokenizer
