// Panels of weights as narrow_product() reads them, brought into that order in registers.
#pragma once

#include <cstdint>

#include "engine/kernels/float_product.hpp"
#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

constexpr std::int64_t kNarrowDepth = 16;  // that `inner` is a multiple of

// kNarrowColumns rows of weights, `stride` numbers apart, of which `inner` are read each, to a panel, [inner,
// kNarrowColumns]. REQUIRES: AVX2 (has_avx2()).
void narrow_panel(const float* rows, std::int64_t stride, std::int64_t inner, float* panel) noexcept;
void narrow_panel(const Bf16* rows, std::int64_t stride, std::int64_t inner, float* panel) noexcept;

}  // namespace zimg::engine::kernels
