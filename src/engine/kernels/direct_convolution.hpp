// A 3x3 convolution of stride 1 and padding 1 by plain products of bfloat16 matrices, for CPUs with matrix units (AMX):
// there nine products in bfloat16 take less time than the quarter of them in float32 that Winograd's method leaves. The
// norm before it, the addition behind it and upsampling by 2 are done on the way, so that an image is read once and
// written once.
#pragma once

#include <ATen/core/TensorBody.h>

#include "engine/kernels/fused.hpp"

namespace zimg::engine::kernels {

// Whether this CPU and libtorch multiply small bfloat16 matrices fast enough for it to pay; the weight is bfloat16
// [out, in, 3, 3] and its channels fill the products.
bool direct_convolution_pays(const at::Tensor& weight);

// [out, in, 3, 3] to the order in which products read it, as many elements; with `doubled` [out, in, 3, 3] becomes the
// four 2x2 kernels that see nearest upsampling by 2 at the smaller size, 16/9 of the elements.
at::Tensor direct_weight(const at::Tensor& weight, bool doubled);

// `x` is [1, in, height, width] bfloat16 in channels-last order; `weight` from direct_weight, `bias` float32 [out].
// Where `norm` is given, silu(norm(x)) is convolved, rounded to bfloat16. `addend`, where defined, is added before the
// result is rounded. Returns [1, out, …] channels-last: in the memory of `into` where that is defined, an image of that
// size and order. It may be `addend`, but not `x`.
at::Tensor direct_convolution(const at::Tensor& x, const ChannelFactors* norm, const at::Tensor& weight,
                              const at::Tensor& bias, bool doubled, const at::Tensor& addend = {},
                              at::Tensor into = {});

}  // namespace zimg::engine::kernels
