// Fixed-width numbers as octets, most significant first, the order of everything that zimg writes to disk.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace zimg::cache {

template <std::unsigned_integral Number>
void put_big_endian(std::uint8_t* out, Number value) noexcept {
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    out[i] = static_cast<std::uint8_t>(value & 0xff);
    if constexpr (sizeof(Number) > 1) value = static_cast<Number>(value >> 8);
  }
}

template <std::unsigned_integral Number>
Number get_big_endian(const std::uint8_t* in) noexcept {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    if constexpr (sizeof(Number) > 1) value = static_cast<Number>(value << 8);
    value = static_cast<Number>(value | in[i]);
  }
  return value;
}

}  // namespace zimg::cache
