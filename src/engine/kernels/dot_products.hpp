// Linear layers in float32 of few rows, whose time is that of reading the weight: it is read once, as it lies in its
// file. Plain pointers, no libtorch; on one thread.
#pragma once

#include <cstdint>

namespace zimg::engine::kernels {

constexpr std::int64_t kDotLanes = 16;   // numbers that one vector holds
constexpr std::int64_t kDotColumns = 4;  // outputs made at a time

// y[r][c] = x[r] · w[c]: x is [rows, inner], w [columns, inner], both contiguous, and the rows of y lie `y_stride`
// apart. What lies behind w is brought nearer. REQUIRES: `inner` and `columns` are multiples of the two numbers above.
void dot_products(const float* x, std::int64_t rows, const float* w, std::int64_t columns, std::int64_t inner, float* y,
                  std::int64_t y_stride);

}  // namespace zimg::engine::kernels
