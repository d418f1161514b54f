// A 3x3 convolution of stride 1 and padding 1 by Winograd's method, with matrix products in float32 on the CPU's widest
// vectors: a quarter of the multiplications, a sixth where an image is doubled first, and more exact than a bfloat16
// convolution would be.
#pragma once

#include <ATen/core/TensorBody.h>

#include "engine/kernels/fused.hpp"

namespace zimg::engine::kernels {

// Whether this CPU and libtorch multiply small float32 matrices fast enough for it to pay, and the channels are many
// enough.
bool winograd_pays(const at::Tensor& weight);

// [out, in, 3, 3] of any type to float32 in the order in which products read it, [products, panels, in, out / panels]:
// 36 products or, with `doubled`, 25.
at::Tensor winograd_weight(const at::Tensor& weight, bool doubled);

// `x` is [1, in, height, width] in channels-last order, float32 or bfloat16; `weight` from winograd_weight, `bias`
// float32 [out]. With `doubled`, nearest upsampling by 2 comes first; else, where `norm` is given, silu(norm(x)) is
// convolved, rounded to x's type. `addend`, where defined, is added to the result before it is rounded. Returns [1,
// out, …] of x's type, channels-last: in the memory of `into` where that is defined, an image of that size and order.
// It may be `addend`, but not `x`.
at::Tensor winograd_convolution(const at::Tensor& x, const ChannelFactors* norm, const at::Tensor& weight,
                                const at::Tensor& bias, bool doubled, const at::Tensor& addend = {},
                                at::Tensor into = {});

}  // namespace zimg::engine::kernels
