// Linear layers whose weight lies in the order in which the CPU's matrix units read it. Otherwise libtorch brings it
// into that order at every product, which takes as long as a quarter of the product where there are few rows.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

// Whether a product with `weight`, [out, in], is faster once packed: bfloat16 on a CPU with matrix units for it, large
// enough to be worth a call of its own, and a libtorch that has these operators.
bool packing_pays(const at::Tensor& weight);

// A copy of `weight`, which only linear() can read.
at::Tensor packed_weight(const at::Tensor& weight);

// x W^T without a bias: x is [rows, in], `weight` as it was loaded or packed. Either gives the same result.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight);

}  // namespace zimg::engine::kernels
