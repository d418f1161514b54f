#include "engine/kernels/upsampling_kernels.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine::kernels {
namespace {

// The two taps along `axis` that a 3-tap kernel becomes when it slides over doubled pixels. Even outputs see the pixel
// before and their own (twice), odd ones their own (twice) and the pixel after.
at::Tensor fold_axis(const at::Tensor& kernel, std::int64_t axis, bool odd) {
  const at::Tensor first = kernel.select(axis, 0);
  const at::Tensor middle = kernel.select(axis, 1);
  const at::Tensor last = kernel.select(axis, 2);
  return odd ? at::stack({first + middle, last}, axis) : at::stack({first, middle + last}, axis);
}

}  // namespace

std::array<at::Tensor, 4> upsampling_kernels(const at::Tensor& weight) {
  const at::Tensor wide = weight.to(at::kFloat);
  const auto kernel = [&](bool odd_row, bool odd_column) {
    return fold_axis(fold_axis(wide, 2, odd_row), 3, odd_column);
  };
  return {kernel(false, false), kernel(false, true), kernel(true, false), kernel(true, true)};
}

}  // namespace zimg::engine::kernels
