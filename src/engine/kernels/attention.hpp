// Scaled dot-product attention over one sequence.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

// softmax(q k^T / sqrt(n)) v. q is [tokens, heads, n], k and v are [tokens, kv_heads, n]; query head h reads key head
// h / (heads / kv_heads). With `causal` a token sees itself and what stands before it. Returns [tokens, heads * n].
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal);

}  // namespace zimg::engine::kernels
