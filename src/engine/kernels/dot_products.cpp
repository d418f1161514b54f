#include "engine/kernels/dot_products.hpp"

#include <cstring>

#include "engine/kernels/lanes.hpp"

namespace zimg::engine::kernels {
namespace {

static_assert(kDotLanes == kLanes);
constexpr std::int64_t kRows = 5;  // at a time: their sums stay in registers

// By halves: the additions of all sums at hand are independent of each other.
ZIMG_INLINE float sum_of(const Lanes& lanes) {
  VectorOf<float, 8>::Type eight[2];
  std::memcpy(eight, &lanes, sizeof(lanes));
  eight[0] += eight[1];
  VectorOf<float, 4>::Type four[2];
  std::memcpy(four, eight, sizeof(four));
  four[0] += four[1];
  return (four[0][0] + four[0][1]) + (four[0][2] + four[0][3]);
}

// `kCount` rows with every column. The first rows of a weight wait for it: a CPU foresees no further than the end of a
// page, and four columns end several.
template <std::int64_t kCount, bool kFirst>
ZIMG_INLINE void multiply(const float* x, const float* w, std::int64_t columns, std::int64_t inner, float* y,
                          std::int64_t y_stride) {
  for (std::int64_t column = 0; column < columns; column += kDotColumns) {
    const float* weights = w + column * inner;
    Lanes sums[kCount][kDotColumns] = {};
    for (std::int64_t i = 0; i < inner; i += kDotLanes) {
      Lanes weight[kDotColumns];
      for (std::int64_t c = 0; c < kDotColumns; ++c) {
        std::memcpy(&weight[c], weights + c * inner + i, sizeof(Lanes));
        if (kFirst) __builtin_prefetch(weights + (c + kDotColumns) * inner + i, 0, 2);
      }
      for (std::int64_t row = 0; row < kCount; ++row) {
        Lanes numbers;
        std::memcpy(&numbers, x + row * inner + i, sizeof(numbers));
        for (std::int64_t c = 0; c < kDotColumns; ++c) sums[row][c] += numbers * weight[c];
      }
    }
    for (std::int64_t row = 0; row < kCount; ++row) {
      for (std::int64_t c = 0; c < kDotColumns; ++c) y[row * y_stride + column + c] = sum_of(sums[row][c]);
    }
  }
}

}  // namespace

ZIMG_EVERY_WIDTH void dot_products(const float* x, std::int64_t rows, const float* w, std::int64_t columns,
                                   std::int64_t inner, float* y, std::int64_t y_stride) {
  std::int64_t row = 0;
  for (; row + kRows <= rows; row += kRows) {
    if (row == 0) {
      multiply<kRows, true>(x, w, columns, inner, y, y_stride);
    } else {
      multiply<kRows, false>(x + row * inner, w, columns, inner, y + row * y_stride, y_stride);
    }
  }
  for (; row < rows; ++row) multiply<1, false>(x + row * inner, w, columns, inner, y + row * y_stride, y_stride);
}

}  // namespace zimg::engine::kernels
