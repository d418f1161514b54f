#include "engine/pipeline/preview.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

namespace zimg::engine {

at::Tensor preview(const at::Tensor& latents, const at::Tensor& velocity, float sigma, const Decoder& decoder,
                   const CheckCancelled& check_cancelled) {
  constexpr std::int64_t kLongestSide = 16;  // latents
  at::Tensor clean = latents - static_cast<double>(sigma) * velocity;
  const std::int64_t longest = std::max(clean.size(1), clean.size(2));
  if (longest > kLongestSide) {
    const auto shrunk = [&](std::int64_t side) { return std::max<std::int64_t>(1, side * kLongestSide / longest); };
    clean = at::adaptive_avg_pool2d(clean.unsqueeze(0), {shrunk(clean.size(1)), shrunk(clean.size(2))}).squeeze(0);
  }
  return decoder.decode(clean, false, check_cancelled);
}

}  // namespace zimg::engine
