// The type in which libtorch's own products and convolutions are best made.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine::kernels {

// The tensor's own, but float32 for bfloat16 on a CPU with AVX2 and no AVX-512, where libtorch's bfloat16 takes several
// times as long.
at::ScalarType libtorchs_type(const at::Tensor& tensor);

}  // namespace zimg::engine::kernels
