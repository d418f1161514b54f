#include "engine/kernels/composed.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine::kernels::composed {
namespace {

at::Tensor normalized(const at::Tensor& x, const at::Tensor& weight, double eps) {  // float32
  const at::Tensor wide = x.to(at::kFloat);
  at::Tensor y = wide * at::rsqrt(wide.square().mean(-1, true) + eps);
  return y.mul_(weight);
}

// Multiplied before they meet the rows, over which each pass is another image of them.
at::Tensor both(const at::Tensor& weight, const at::Tensor& factor) {
  return factor.defined() ? weight * factor : weight;
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps) {
  return normalized(x, both(weight, scale), eps).to(x.scalar_type());
}

void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps) {
  residual.add_(normalized(x, both(weight, gate), eps));  // in float32, rounded once
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& scale, double eps) {
  const at::Tensor wide = x.to(at::kFloat);
  at::Tensor centred = wide - wide.mean(-1, true);
  const at::Tensor inverse = at::rsqrt(centred.square().mean(-1, true) + eps);
  return centred.mul_(inverse).mul_(scale).to(x.scalar_type());
}

void silu_multiply_(at::Tensor& gate, const at::Tensor& up, double factor) {
  at::silu_(gate).mul_(factor == 1.0 ? up : up * factor);  // the factor first: the product may leave the range
}

void norm_rotate_(at::Tensor& x, const at::Tensor& weight, const at::Tensor& cos_sin, RotaryPairs pairs, double eps) {
  const at::Tensor y = normalized(x, weight, eps);
  const at::Tensor cosine = cos_sin.select(-1, 0).unsqueeze(1);  // [tokens, 1, n / 2]
  const at::Tensor sine = cos_sin.select(-1, 1).unsqueeze(1);
  const bool adjacent = pairs == RotaryPairs::kAdjacent;
  const std::int64_t half = x.size(2) / 2;
  const at::Tensor a = adjacent ? y.slice(2, 0, y.size(2), 2) : y.slice(2, 0, half);
  const at::Tensor b = adjacent ? y.slice(2, 1, y.size(2), 2) : y.slice(2, half);
  const at::Tensor turned_a = a * cosine - b * sine;
  const at::Tensor turned_b = a * sine + b * cosine;
  x.copy_(adjacent ? at::stack({turned_a, turned_b}, -1).flatten(2) : at::cat({turned_a, turned_b}, -1));
}

at::Tensor group_norm(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                      double eps, bool with_silu) {
  // libtorch sums in float32 whatever the type is; an image in float32 would be three times the memory.
  at::Tensor y = at::group_norm(x, groups, weight.to(x.scalar_type()), bias.to(x.scalar_type()), eps);
  if (with_silu) at::silu_(y);
  return y.contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace zimg::engine::kernels::composed
