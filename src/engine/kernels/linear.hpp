// Linear layers, where libtorch's own leave time on the table: by weights that lie in the order in which the CPU's
// matrix units or vector instructions read them, where libtorch brings them into it at every product; by panels of them
// that are made on the way (float_linear.hpp); in float32 of few rows, such as a prompt's, by reading the weight once.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

// Whether a product with `weight`, [out, in], is faster once packed: bfloat16 where the CPU multiplies it, or float32
// on a CPU with AVX-512 that MKL does not know best, sides that fill the registers, and large enough to be worth the
// memory.
bool packing_pays(const at::Tensor& weight);

// A copy of `weight` that linear() alone can read: [out / 32, in / 2, 32, 2] of bfloat16, [out / 64, in, 64] of
// float32. REQUIRES: packing_pays(weight).
at::Tensor packed_weight(const at::Tensor& weight);

// x W^T without a bias, rounded once: x is [rows, in], `weight` as it was loaded or packed. Any type and device.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight);

}  // namespace zimg::engine::kernels
