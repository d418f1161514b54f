#include "tokenizer/byte_symbols.hpp"

#include <array>

namespace zimg::tokenizer {
namespace {

constexpr bool stands_for_itself(unsigned octet) {
  return (octet >= 33 && octet <= 126) || (octet >= 161 && octet <= 172) || octet >= 174;
}

constexpr unsigned kSymbolsEnd = 0x100 + 68;

constexpr std::array<std::uint16_t, 256> make_code_points() {
  std::array<std::uint16_t, 256> points{};
  std::uint16_t next = 0x100;
  for (unsigned octet = 0; octet < 256; ++octet) {
    points[octet] = stands_for_itself(octet) ? static_cast<std::uint16_t>(octet) : next++;
  }
  return points;
}

constexpr std::array<std::uint16_t, 256> kCodePoints = make_code_points();

// Octet by code point; -1: no symbol.
constexpr std::array<std::int16_t, kSymbolsEnd> make_octets() {
  std::array<std::int16_t, kSymbolsEnd> octets{};
  for (auto& octet : octets) octet = -1;
  for (unsigned octet = 0; octet < 256; ++octet) octets[kCodePoints[octet]] = static_cast<std::int16_t>(octet);
  return octets;
}

constexpr std::array<std::int16_t, kSymbolsEnd> kOctets = make_octets();

}  // namespace

std::string symbol_of(std::uint8_t octet) {
  const unsigned point = kCodePoints[octet];
  if (point < 0x80) return {static_cast<char>(point)};
  return {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
}

std::optional<std::string> octets_of(std::string_view symbols) {
  std::string octets;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    unsigned point = static_cast<std::uint8_t>(symbols[i]);
    if (point >= 0x80) {  // no symbol lies above U+07FF: two octets or none of ours
      if (point < 0xC2 || point > 0xC5 || i + 1 == symbols.size()) return std::nullopt;
      point = (point & 0x1F) << 6 | (static_cast<std::uint8_t>(symbols[++i]) & 0x3Fu);
    }
    if (point >= kSymbolsEnd || kOctets[point] < 0) return std::nullopt;
    octets.push_back(static_cast<char>(kOctets[point]));
  }
  return octets;
}

}  // namespace zimg::tokenizer
