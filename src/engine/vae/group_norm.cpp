#include "engine/vae/group_norm.hpp"

#include <utility>

namespace zimg::engine {
namespace {

constexpr double kEps = 1e-6;

}  // namespace

GroupNorm::GroupNorm(const std::string& name, std::int64_t channels, std::int64_t group_count, const PartLoader& loader)
    : groups(group_count),
      weight(loader.load_as_float(name + ".weight", {channels})),
      bias(loader.load_as_float(name + ".bias", {channels})) {}

at::Tensor GroupNorm::run(const at::Tensor& x, bool with_silu, at::Tensor into) const {
  return kernels::group_norm(x, groups, weight, bias, kEps, with_silu, std::move(into));
}

kernels::ChannelFactors GroupNorm::factors(const at::Tensor& x) const {
  return kernels::group_norm_factors(x, groups, weight, bias, kEps);
}

}  // namespace zimg::engine
