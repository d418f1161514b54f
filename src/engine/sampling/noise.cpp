#include "engine/sampling/noise.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine {

at::Tensor starting_noise(std::uint32_t seed, std::int64_t channels, std::int64_t height, std::int64_t width) {
  const at::Generator noise = at::detail::createCPUGenerator(seed);
  return at::randn({channels, height, width}, noise, at::TensorOptions().dtype(at::kFloat));
}

}  // namespace zimg::engine
