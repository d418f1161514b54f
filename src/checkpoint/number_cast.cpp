#include "checkpoint/number_cast.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace zimg::checkpoint {
namespace {

template <class Number>
Number load(const std::byte* from) {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return number;
}

float load_float(const std::byte* from, DType type) {
  switch (type) {
    case DType::kF32:
      return load<float>(from);
    case DType::kBf16:
      return float_of_bf16(load<std::uint16_t>(from));
    case DType::kF16:
      return float_of_f16(load<std::uint16_t>(from));
  }
  return 0;
}

// Stores and tells what a reader of it gets.
float store_float(float value, std::byte* to, DType type) {
  if (type == DType::kF32) {
    std::memcpy(to, &value, sizeof value);
    return value;
  }
  const std::uint16_t bits = type == DType::kBf16 ? bf16_of(value) : f16_of(value);
  std::memcpy(to, &bits, sizeof bits);
  return type == DType::kBf16 ? float_of_bf16(bits) : float_of_f16(bits);
}

}  // namespace

float float_of_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

float float_of_f16(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits} >> 15 << 31;
  const std::uint32_t exponent = bits >> 10 & 0x1Fu;
  const std::uint32_t mantissa = bits & 0x3FFu;
  if (exponent == 0) {  // zero and subnormal: mantissa * 2^-24
    const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 0x1F ? 0xFFu : exponent - 15 + 127;
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

std::uint16_t bf16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return 0x7FC0;  // rounding could carry a NaN into infinity
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

std::uint16_t f16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 31 << 15);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return static_cast<std::uint16_t>(sign | 0x7E00);
  if (magnitude >= 0x47800000u) return static_cast<std::uint16_t>(sign | 0x7C00);  // 65536 and more
  if (magnitude < 0x38800000u) {  // below 2^-14: subnormal, counted in 2^-24; nearbyint rounds ties to even
    const float count = std::nearbyint(std::ldexp(std::bit_cast<float>(magnitude), 24));
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(count));
  }
  const std::uint32_t rebased = magnitude - ((127 - 15) << 23);
  return static_cast<std::uint16_t>(sign | ((rebased + 0xFFF + (rebased >> 13 & 1)) >> 13));
}

bool cast_numbers(const std::byte* from, DType from_type, std::byte* to, DType to_type, std::size_t count) {
  if (from_type == to_type) {
    std::memcpy(to, from, count * size_of(to_type));
    return true;
  }
  bool all_fit = true;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = load_float(from + i * size_of(from_type), from_type);
    const float stored = store_float(value, to + i * size_of(to_type), to_type);
    all_fit &= std::isinf(stored) == std::isinf(value);
  }
  return all_fit;
}

}  // namespace zimg::checkpoint
