// Products of float32 matrices by the CPU's vectors: on one thread, made for loops that parallelise around them. Sums
// are made in the order of the inner side.
#pragma once

#include <cstdint>

namespace zimg::engine::kernels {

constexpr std::int64_t kWideColumns = 64;    // of a panel for wide_product()
constexpr std::int64_t kNarrowColumns = 16;  // of one for narrow_product()

// y = a b, or with `accumulate` y += a b: a is [rows, inner], b a panel, [inner, columns], and y is [rows, columns].
// Strides are distances between rows. REQUIRES: AVX-512F (has_avx512()), and AVX2 with FMA (has_avx2()).
void wide_product(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                  std::int64_t rows, std::int64_t inner, bool accumulate) noexcept;
void narrow_product(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                    std::int64_t rows, std::int64_t inner, bool accumulate) noexcept;

// Columns of a panel for the wider one that this CPU has, 0 where it has neither.
std::int64_t float_columns() noexcept;

inline bool has_float_product() noexcept {
  return float_columns() != 0;
}

// Whether it has AVX2 without AVX-512, and with that no instructions for bfloat16.
inline bool has_narrow_product_alone() noexcept {
  return float_columns() == kNarrowColumns;
}

// y = a b by the wider one. REQUIRES: has_float_product().
void float_product(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                   std::int64_t rows, std::int64_t inner) noexcept;

}  // namespace zimg::engine::kernels
