// Operations that libtorch would spread over several passes: on the CPU one pass over rows (row_kernels.hpp), elsewhere
// composed of libtorch's own. Arithmetic is float32 with one rounding to the type of `x`; in silu_multiply_ and
// group_norm elsewhere than on the CPU silu's result is rounded too, as the reference does.
//
// `weight`, `scale` and `gate` are float32 vectors as long as a row; where `scale` or `gate` may be undefined it counts
// as 1. Tensors of rows are contiguous, [rows, n] unless another shape is given.
#pragma once

#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <vector>

namespace zimg::engine::kernels {

// x * rsqrt(mean(x^2) + eps) * weight * scale over the last dimension.
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps);

// residual += gate * rms_norm(x, weight), in place.
void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps);

// (x - mean) * rsqrt(var + eps) * scale over the last dimension.
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& scale, double eps);

// silu(gate) * up * factor, into `gate`. The factor keeps float16 within its range; on the CPU it must be 1.
void silu_multiply_(at::Tensor& gate, const at::Tensor& up, double factor);

enum class RotaryPairs : std::uint8_t {
  kAdjacent,  // (x[2i], x[2i + 1]): the denoiser
  kHalves,    // (x[i], x[i + n/2]): the text encoder
};

// RMS norm of each head, then rotation: x is [tokens, heads, n], `cos_sin` float32 [tokens, n / 2, 2]; in place.
void norm_rotate_(at::Tensor& x, const at::Tensor& weight, const at::Tensor& cos_sin, RotaryPairs pairs, double eps);

// y = x * factor + offset: what a norm comes to in one image, a number of each for every channel.
struct ChannelFactors {
  std::vector<float> factor, offset;
};

// The factors of group_norm(). Of an image on the CPU in float32 or bfloat16.
ChannelFactors group_norm_factors(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight,
                                  const at::Tensor& bias, double eps);

// Group norm over [1, channels, height, width] in channels-last order, then silu when asked. Biased variance. The
// result may be put into the memory of `into`, where that is defined: an image of x's size, type and order, or x
// itself.
at::Tensor group_norm(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                      double eps, bool with_silu, at::Tensor into = {});

}  // namespace zimg::engine::kernels
