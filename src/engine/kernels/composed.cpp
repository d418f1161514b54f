#include "engine/kernels/composed.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine::kernels::composed {
namespace {

at::Tensor normalized(const at::Tensor& x, const at::Tensor& weight, double eps) {  // float32
  const at::Tensor wide = x.to(at::kFloat);
  return wide * at::rsqrt(wide.square().mean(-1, true) + eps) * weight;
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps) {
  at::Tensor y = normalized(x, weight, eps);
  if (scale.defined()) y = y * scale;
  return y.to(x.scalar_type());
}

void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps) {
  at::Tensor y = normalized(x, weight, eps);
  if (gate.defined()) y = y * gate;
  residual.copy_(residual.to(at::kFloat) + y);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& scale, double eps) {
  const at::Tensor centred = x.to(at::kFloat) - x.to(at::kFloat).mean(-1, true);
  return (centred * at::rsqrt(centred.square().mean(-1, true) + eps) * scale).to(x.scalar_type());
}

void silu_multiply_(at::Tensor& gate, const at::Tensor& up, double factor) {
  gate.copy_(at::silu(gate.to(at::kFloat)) * up.to(at::kFloat) * factor);
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
  const at::Tensor y = at::group_norm(x.to(at::kFloat), groups, weight, bias, eps);
  return (with_silu ? at::silu(y) : y).to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace zimg::engine::kernels::composed
