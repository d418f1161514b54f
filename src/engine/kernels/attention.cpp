#include "engine/kernels/attention.hpp"

#include <ATen/Functions.h>

#include "engine/kernels/block_attention.hpp"
#include "engine/kernels/libtorchs_type.hpp"

namespace zimg::engine::kernels {
namespace {

// [tokens, kv_heads, n] to [1, heads, tokens, n]; repeated heads share memory.
at::Tensor per_head(const at::Tensor& x, std::int64_t heads) {
  const std::int64_t repeats = heads / x.size(1);
  const at::Tensor split = x.transpose(0, 1).unsqueeze(1);  // [kv_heads, 1, tokens, n]
  return split.expand({x.size(1), repeats, x.size(0), x.size(2)}).reshape({1, heads, x.size(0), x.size(2)});
}

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal) {
  if (has_block_attention(q)) return block_attention(q.contiguous(), k.contiguous(), v.contiguous(), causal);
  if (const at::ScalarType type = libtorchs_type(q); type != q.scalar_type()) {
    return attention(q.to(type), k.to(type), v.to(type), causal).to(q.scalar_type());
  }
  const std::int64_t heads = q.size(1);
  const at::Tensor mixed = at::scaled_dot_product_attention(per_head(q, heads), per_head(k, heads), per_head(v, heads),
                                                            {}, 0.0, causal);  // [1, heads, tokens, n]
  return mixed.squeeze(0).transpose(0, 1).reshape({q.size(0), heads * q.size(2)});
}

}  // namespace zimg::engine::kernels
