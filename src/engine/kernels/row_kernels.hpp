// Loops over rows of float32 or bfloat16 numbers, each in one pass and compiled for the widest vectors that the CPU
// has. Arithmetic is float32; one rounding at the store. Plain pointers, no libtorch: rows are contiguous.
#pragma once

#include <cstdint>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

// y = x * rsqrt(mean(x^2) + eps) * weight * scale; `scale` may be null (1).
void rms_norm_row(const float* x, const float* weight, const float* scale, float* y, std::int64_t n, float eps);
void rms_norm_row(const Bf16* x, const float* weight, const float* scale, Bf16* y, std::int64_t n, float eps);

// residual += gate * (x * rsqrt(mean(x^2) + eps) * weight); `gate` may be null (1).
void add_rms_norm_row(float* residual, const float* x, const float* weight, const float* gate, std::int64_t n,
                      float eps);
void add_rms_norm_row(Bf16* residual, const Bf16* x, const float* weight, const float* gate, std::int64_t n, float eps);

// y = (x - mean) * rsqrt(var + eps) * scale.
void layer_norm_row(const float* x, const float* scale, float* y, std::int64_t n, float eps);
void layer_norm_row(const Bf16* x, const float* scale, Bf16* y, std::int64_t n, float eps);

// gate = silu(gate) * up, silu(v) = v / (1 + exp(-v)).
void silu_multiply_row(float* gate, const float* up, std::int64_t n);
void silu_multiply_row(Bf16* gate, const Bf16* up, std::int64_t n);

// RMS norm over one head, then rotation of adjacent pairs: (a, b) -> (a cos - b sin, a sin + b cos).
// `cos_sin` holds n / 2 pairs (cos, sin).
void norm_rotate_pairs_row(const float* x, const float* weight, const float* cos_sin, float* y, std::int64_t n,
                           float eps);
void norm_rotate_pairs_row(const Bf16* x, const float* weight, const float* cos_sin, Bf16* y, std::int64_t n,
                           float eps);

// RMS norm over one head, then rotation of (x[i], x[i + n/2]) by the i-th pair of `cos_sin`.
void norm_rotate_halves_row(const float* x, const float* weight, const float* cos_sin, float* y, std::int64_t n,
                            float eps);
void norm_rotate_halves_row(const Bf16* x, const float* weight, const float* cos_sin, Bf16* y, std::int64_t n,
                            float eps);

// The largest of `least` and the row's numbers.
float max_row(const float* x, float least, std::int64_t n);
// Softmax numerators over one row of scores, or a piece of one, whose largest is `peak`: y = exp((x - peak) * scale);
// returns their sum.
float exp_row(const float* x, float peak, float scale, Bf16* y, std::int64_t n);
float exp_row(const float* x, float peak, float scale, float* y, std::int64_t n);
// y = x * factor.
void scale_row(const float* x, float factor, float* y, std::int64_t n);
void scale_row(const float* x, float factor, Bf16* y, std::int64_t n);

// sums[c] += x[c] - from[c], squares[c] += (x[c] - from[c])^2 for one pixel's channels.
void accumulate_moments_row(const float* x, const float* from, float* sums, float* squares, std::int64_t n);
void accumulate_moments_row(const Bf16* x, const Bf16* from, float* sums, float* squares, std::int64_t n);
// y = silu(x * factor + offset) per channel, or without the silu.
void affine_silu_row(const float* x, const float* factor, const float* offset, float* y, std::int64_t n);
void affine_silu_row(const Bf16* x, const float* factor, const float* offset, Bf16* y, std::int64_t n);
void affine_row(const float* x, const float* factor, const float* offset, float* y, std::int64_t n);
void affine_row(const Bf16* x, const float* factor, const float* offset, Bf16* y, std::int64_t n);

// y = sums + bias, plus addend where that is not null.
void add_bias_row(const float* sums, const float* bias, const Bf16* addend, Bf16* y, std::int64_t n);

}  // namespace zimg::engine::kernels
