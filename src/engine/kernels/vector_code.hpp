// How the row kernels become vector code: one copy of a function per vector width, chosen when the module is loaded
// (the baseline of x86-64 is SSE2), and element types that are read as float32.
#pragma once

#include <cstdint>
#include <cstring>

// Whether code can be made for vectors that the baseline lacks, to be called where the CPU has them.
#if defined(__x86_64__) && defined(__GNUC__)
#define ZIMG_HAS_VECTORS 1
#endif

#if defined(ZIMG_HAS_VECTORS) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define ZIMG_EVERY_WIDTH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ZIMG_EVERY_WIDTH
#endif
#define ZIMG_INLINE inline __attribute__((always_inline))

namespace zimg::engine::kernels {

using Bf16 = std::uint16_t;  // the upper half of a float32

ZIMG_INLINE float load(const float* x) {
  return *x;
}

ZIMG_INLINE float load(const Bf16* x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(*x) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

ZIMG_INLINE void store(float* y, float value) {
  *y = value;
}

// Round to nearest even; a NaN stays one.
ZIMG_INLINE void store(Bf16* y, float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  const std::uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  *y = static_cast<Bf16>(value != value ? 0x7FC0u : rounded);
}

}  // namespace zimg::engine::kernels
