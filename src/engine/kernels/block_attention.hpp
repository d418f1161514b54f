// Attention on the CPU by block products: what libtorch's own attention leaves of the CPU's speed in bfloat16 is a
// third. Scores, softmax and sums are float32.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

// Whether tensors like `q` can be read and it pays: on the CPU, float32 or bfloat16, block products for that type.
bool has_block_attention(const at::Tensor& q);

// As attention() in attention.hpp. All three are contiguous; n is even.
at::Tensor block_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal);

}  // namespace zimg::engine::kernels
