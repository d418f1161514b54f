// Where a part's tensors live and in which type they are computed.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine {

struct Placement {
  at::Device device{at::kCPU};
  at::ScalarType dtype = at::kFloat;  // kFloat, kBFloat16 or, on a GPU, kHalf

  at::TensorOptions options() const { return at::TensorOptions().device(device).dtype(dtype); }
  at::TensorOptions float_options() const { return at::TensorOptions().device(device).dtype(at::kFloat); }
};

}  // namespace zimg::engine
