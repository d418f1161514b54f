// The group norm of the VAE decoder.
#pragma once

#include <string>

#include "engine/kernels/fused.hpp"
#include "engine/part_loader.hpp"

namespace zimg::engine {

struct GroupNorm {
  GroupNorm(const std::string& name, std::int64_t channels, std::int64_t groups, const PartLoader& loader);
  at::Tensor run(const at::Tensor& x, bool with_silu, at::Tensor into) const;  // as kernels::group_norm
  kernels::ChannelFactors factors(const at::Tensor& x) const;                  // as kernels::group_norm_factors

  std::int64_t groups;
  at::Tensor weight, bias;  // float32
};

}  // namespace zimg::engine
