// Linear layers by float32 products of panels of weights. With AVX-512, weights of float32 may be packed into panels
// when they are loaded. With AVX2 alone, weights of float32 and of bfloat16 are read as they lie in their file: a panel
// at a time is brought into order, and widened to float32, in memory that stays in the cache, which takes a thirtieth
// of the time of its product with 192 rows. Such CPUs have no instructions for bfloat16, and libtorch's own products of
// it are slower there by far than those of float32.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

constexpr std::int64_t kFewRows = 32;  // of float32: of more, libtorch makes as much in the same time

// Whether float32 weights of that shape, [out, in], can be packed for this CPU.
bool fills_float_panels(const at::Tensor& weight);

// Contiguous [out, in] to [out / columns, in, columns], whose columns are those of float_product. REQUIRES:
// fills_float_panels(weight).
at::Tensor float_panels(const at::Tensor& weight);

// x W^T of such panels: x is float32 [rows, in].
at::Tensor linear_of_float_panels(const at::Tensor& x, const at::Tensor& panels);

// Whether `weight`, float32 or bfloat16 [out, in], has sides that fill the panels of AVX2, which this CPU has.
bool fills_narrow_panels(const at::Tensor& weight);

// Whether it does and that is the way to take with so many rows: on a CPU without AVX-512, but for many rows of float32
// on Intel's, which MKL knows best.
bool narrow_panels_pay(const at::Tensor& weight, std::int64_t rows);

// x W^T, rounded once: x is [rows, in] of the weight's type. REQUIRES: fills_narrow_panels(weight).
at::Tensor linear_by_narrow_panels(const at::Tensor& x, const at::Tensor& weight);

}  // namespace zimg::engine::kernels
