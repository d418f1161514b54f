// Sixteen float32 at a time, as GCC's and Clang's own vectors: where the CPU's are narrower, the compiler takes
// several. They are passed by reference, since how they are passed by value depends on the CPU that is compiled for.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

template <class T, std::int64_t kCount>
struct VectorOf {
  typedef T Type __attribute__((vector_size(kCount * sizeof(T))));
};

constexpr std::int64_t kLanes = 16;
using Lanes = VectorOf<float, kLanes>::Type;

ZIMG_INLINE void load_lanes(const float* x, Lanes& y) {
  std::memcpy(&y, x, sizeof(y));
}

ZIMG_INLINE void load_lanes(const Bf16* x, Lanes& y) {
  VectorOf<Bf16, kLanes>::Type halves;
  std::memcpy(&halves, x, sizeof(halves));
  const auto bits = __builtin_convertvector(halves, VectorOf<std::uint32_t, kLanes>::Type) << 16;
  std::memcpy(&y, &bits, sizeof(y));
}

ZIMG_INLINE void store_lanes(const Lanes& x, float* y) {
  std::memcpy(y, &x, sizeof(x));
}

// As store() rounds one number.
ZIMG_INLINE void store_lanes(const Lanes& x, Bf16* y) {
  using Bits = VectorOf<std::uint32_t, kLanes>::Type;
  Bits bits;
  std::memcpy(&bits, &x, sizeof(bits));
  const Bits rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  const auto is_nan = x != x;
  Bits nan;
  std::memcpy(&nan, &is_nan, sizeof(nan));  // all bits set where it is one
  const auto halves = __builtin_convertvector((rounded & ~nan) | (nan & 0x7FC0u), VectorOf<Bf16, kLanes>::Type);
  std::memcpy(y, &halves, sizeof(halves));
}

// The first `count` of them, of which there may be fewer in memory.
template <class T>
ZIMG_INLINE void load_some(const T* x, std::int64_t count, Lanes& y) {
  T numbers[kLanes] = {};
  std::memcpy(numbers, x, static_cast<std::size_t>(count) * sizeof(T));
  load_lanes(numbers, y);
}

template <class T>
ZIMG_INLINE void store_some(const Lanes& x, std::int64_t count, T* y) {
  T numbers[kLanes];
  store_lanes(x, numbers);
  std::memcpy(y, numbers, static_cast<std::size_t>(count) * sizeof(T));
}

}  // namespace zimg::engine::kernels
