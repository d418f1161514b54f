// The operations of fused.hpp made of libtorch's own, for every device and type. They are also what the tests hold the
// row kernels against.
#pragma once

#include <ATen/core/TensorBody.h>

#include "engine/kernels/fused.hpp"

namespace zimg::engine::kernels::composed {

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps);
void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps);
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& scale, double eps);
void silu_multiply_(at::Tensor& gate, const at::Tensor& up, double factor);
void norm_rotate_(at::Tensor& x, const at::Tensor& weight, const at::Tensor& cos_sin, RotaryPairs pairs, double eps);
at::Tensor group_norm(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                      double eps, bool with_silu);

}  // namespace zimg::engine::kernels::composed
