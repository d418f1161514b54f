#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace zimg::base {
namespace {

// Length of the well-formed sequence of more than one octet at the start of `text`; 0 when there is none. Table 3-7 of
// the Unicode Standard.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0}; };
  const auto continues = [&](std::size_t i) { return at(i) >= 0x80 && at(i) <= 0xBF; };
  const std::uint8_t lead = at(0);
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return at(1) >= low && at(1) <= high && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return at(1) >= low && at(1) <= high && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// Of three octets, as nearly all of Chinese and Japanese is; what else is well-formed, sequence_length() knows.
bool begins_with_plain_three(std::string_view text) noexcept {
  if (text.size() < 3) return false;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  return at(0) >= 0xE1 && at(0) <= 0xEC && (at(1) & 0xC0) == 0x80 && (at(2) & 0xC0) == 0x80;
}

bool begins_with_eight_ascii(std::string_view text) noexcept {
  std::uint64_t octets = 0;
  if (text.size() < sizeof(octets)) return false;
  std::memcpy(&octets, text.data(), sizeof(octets));
  return (octets & 0x8080808080808080u) == 0;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  std::size_t offset = 0;
  const auto rest = [&] { return std::string_view(text.data() + offset, text.size() - offset); };
  while (offset < text.size()) {
    while (begins_with_eight_ascii(rest())) offset += 8;
    while (begins_with_plain_three(rest())) offset += 3;
    if (offset == text.size()) break;
    const std::size_t length = static_cast<std::uint8_t>(text[offset]) < 0x80 ? 1 : sequence_length(rest());
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

std::string repaired_utf8(std::string_view text) {
  std::string repaired;
  while (const auto invalid = find_invalid_utf8(text)) {
    repaired.append(text.substr(0, *invalid)).append("\xEF\xBF\xBD");
    text.remove_prefix(*invalid + 1);
  }
  return repaired.append(text);
}

}  // namespace zimg::base
