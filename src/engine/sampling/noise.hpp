// The starting latents.
#pragma once

#include <ATen/core/TensorBody.h>

#include <cstdint>

namespace zimg::engine {

// Standard normal noise [channels, height, width] in float32 on the CPU, equal to
// torch.randn(1, channels, height, width, generator=torch.Generator('cpu').manual_seed(seed)).
at::Tensor starting_noise(std::uint32_t seed, std::int64_t channels, std::int64_t height, std::int64_t width);

}  // namespace zimg::engine
