#include "engine/kernels/float_product.hpp"

#include <cstring>

#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/lanes.hpp"

namespace zimg::engine::kernels {

#if defined(ZIMG_HAS_VECTORS)
namespace {

// Six rows of sums, a row's number and the weights are 29 of the 32 registers of AVX-512, and 15 of the 16 of AVX2.
constexpr std::int64_t kMostRows = 6;

// Rows at a time, once there are not so many left: 6, 4, 2, 1.
constexpr std::int64_t fewer_rows(std::int64_t rows) {
  return rows == kMostRows ? 4 : rows / 2;
}

// What a vector register holds, and how many of them a row of a panel fills.
template <std::int64_t kNumbers, std::int64_t kColumns>
struct Registers {
  using Vector = typename VectorOf<float, kNumbers>::Type;
  static constexpr std::int64_t kLanes = kNumbers;
  static constexpr std::int64_t kVectors = kColumns / kNumbers;
};
using Wide = Registers<16, kWideColumns>;
using Narrow = Registers<8, kNarrowColumns>;

// Multiplied and added in one: the build asks for it, and a compiler that did not would take twice the time.
template <class R, std::int64_t kRows>
ZIMG_INLINE void multiply(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                          std::int64_t inner, bool accumulate) noexcept {
  typename R::Vector sums[kRows][R::kVectors];
  for (std::int64_t row = 0; row < kRows; ++row) {
    for (std::int64_t i = 0; i < R::kVectors; ++i) {
      sums[row][i] = typename R::Vector{};
      if (accumulate) std::memcpy(&sums[row][i], y + row * y_stride + i * R::kLanes, sizeof(sums[row][i]));
    }
  }
  for (std::int64_t at = 0; at < inner; ++at, b += R::kVectors * R::kLanes) {
    typename R::Vector weights[R::kVectors];
    for (std::int64_t i = 0; i < R::kVectors; ++i) std::memcpy(&weights[i], b + i * R::kLanes, sizeof(weights[i]));
    for (std::int64_t row = 0; row < kRows; ++row) {
      const float number = a[row * a_stride + at];
      for (std::int64_t i = 0; i < R::kVectors; ++i) sums[row][i] += number * weights[i];
    }
  }
  for (std::int64_t row = 0; row < kRows; ++row, y += y_stride) {
    for (std::int64_t i = 0; i < R::kVectors; ++i) std::memcpy(y + i * R::kLanes, &sums[row][i], sizeof(sums[row][i]));
  }
}

template <class R, std::int64_t kRows>
ZIMG_INLINE void multiply_rows(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                               std::int64_t rows, std::int64_t inner, bool accumulate) noexcept {
  for (; rows >= kRows; rows -= kRows, a += kRows * a_stride, y += kRows * y_stride) {
    multiply<R, kRows>(a, a_stride, b, y, y_stride, inner, accumulate);
  }
  if constexpr (kRows > 1) multiply_rows<R, fewer_rows(kRows)>(a, a_stride, b, y, y_stride, rows, inner, accumulate);
}

}  // namespace

__attribute__((target("avx512f"))) void wide_product(const float* a, std::int64_t a_stride, const float* b, float* y,
                                                     std::int64_t y_stride, std::int64_t rows, std::int64_t inner,
                                                     bool accumulate) noexcept {
  multiply_rows<Wide, kMostRows>(a, a_stride, b, y, y_stride, rows, inner, accumulate);
}

__attribute__((target("avx2,fma"))) void narrow_product(const float* a, std::int64_t a_stride, const float* b, float* y,
                                                        std::int64_t y_stride, std::int64_t rows, std::int64_t inner,
                                                        bool accumulate) noexcept {
  multiply_rows<Narrow, kMostRows>(a, a_stride, b, y, y_stride, rows, inner, accumulate);
}

#else

void wide_product(const float*, std::int64_t, const float*, float*, std::int64_t, std::int64_t, std::int64_t,
                  bool) noexcept {}

void narrow_product(const float*, std::int64_t, const float*, float*, std::int64_t, std::int64_t, std::int64_t,
                    bool) noexcept {}

#endif

std::int64_t float_columns() noexcept {
  return has_avx512() ? kWideColumns : has_avx2() ? kNarrowColumns : 0;
}

void float_product(const float* a, std::int64_t a_stride, const float* b, float* y, std::int64_t y_stride,
                   std::int64_t rows, std::int64_t inner) noexcept {
  const auto product = has_avx512() ? wide_product : narrow_product;
  product(a, a_stride, b, y, y_stride, rows, inner, false);
}

}  // namespace zimg::engine::kernels
