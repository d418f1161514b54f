// Products of bfloat16 matrices by the CPU's vector instructions for them: on one thread, made for loops that
// parallelise around them. Sums are float32, in the order of the inner side.
#pragma once

#include <cstdint>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

// Columns that the registers take at a time.
constexpr std::int64_t kVectorColumns = 32;

// Whether this CPU multiplies pairs of bfloat16 in its vectors (AVX512-BF16), and the compiler knew how.
bool has_vector_product() noexcept;

// y = a b, rounded once: a is [rows, inner], b a panel of kVectorColumns columns, [inner / 2, kVectorColumns, 2], and y
// is [rows, kVectorColumns]. Strides are distances between rows. REQUIRES: has_vector_product(); `inner` is even.
void vector_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y, std::int64_t y_stride,
                    std::int64_t rows, std::int64_t inner) noexcept;

}  // namespace zimg::engine::kernels
