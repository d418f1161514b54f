#include "engine/kernels/composed.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine::kernels::composed {
namespace {

// What brings the rows of x to a mean square of 1, times `weight`, as an image of x's size in float32. On a GPU each of
// these operations is bound by memory: made before it meets x, it saves two passes over float32 images.
at::Tensor factors_of(const at::Tensor& x, const at::Tensor& weight, double eps) {
  const at::Tensor norm = at::linalg_vector_norm(x, 2, {-1}, true, at::kFloat);
  return at::rsqrt(norm.square() / x.size(-1) + eps) * weight;
}

// Multiplied before they meet the rows, over which each pass is another image of them.
at::Tensor both(const at::Tensor& weight, const at::Tensor& factor) {
  return factor.defined() ? weight * factor : weight;
}

// (a, b) to (a cos - b sin, a sin + b cos), which is a product of complex numbers.
at::Tensor turned(const at::Tensor& pairs, const at::Tensor& cos_sin) {
  return at::view_as_real(at::view_as_complex(pairs) * at::view_as_complex(cos_sin).unsqueeze(1));
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps) {
  at::Tensor y = at::empty_like(x);
  return at::mul_out(y, x, factors_of(x, both(weight, scale), eps));  // in float32, rounded once
}

void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps) {
  residual.addcmul_(x, factors_of(x, both(weight, gate), eps));  // likewise
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
  const at::Tensor y = x * factors_of(x, weight, eps);  // float32
  if (pairs == RotaryPairs::kAdjacent) {
    x.copy_(turned(y.unflatten(2, {-1, 2}), cos_sin).flatten(2));
  } else {
    x.copy_(turned(y.unflatten(2, {2, -1}).transpose(2, 3).contiguous(), cos_sin).transpose(2, 3).flatten(2));
  }
}

at::Tensor group_norm(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                      double eps, bool with_silu) {
  // libtorch sums in float32 whatever the type is; an image in float32 would be three times the memory.
  at::Tensor y = at::group_norm(x, groups, weight.to(x.scalar_type()), bias.to(x.scalar_type()), eps);
  if (with_silu) at::silu_(y);
  return y.contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace zimg::engine::kernels::composed
