// How exactly libtorch multiplies float32, which a host may have made less exact.
#pragma once

#include <ATen/Context.h>
#include <torch/version.h>

#include <string>
#include <vector>

namespace zimg::engine {

class Float32Precision {
 public:
  // As it is now.
  explicit Float32Precision(at::Context& context);

  // Float32 throughout. Whichever of libtorch's switches a host reads meanwhile, none contradicts another: reading it
  // would throw.
  static void set_full(at::Context& context);

  // As it was.
  void put_back(at::Context& context) const;

 private:
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 10
  using Degree = at::Float32Precision;
#else
  using Degree = std::string;
#endif

  std::vector<Degree> of_operations_;  // empty before 2.9, which has but the two below
  at::Float32MatmulPrecision of_products_;
  bool cudnn_may_shorten_;
};

}  // namespace zimg::engine
