// The residual block and the attention of the VAE decoder. Section 7 of the model reference.
#pragma once

#include <optional>
#include <string>

#include "engine/part_loader.hpp"
#include "engine/vae/convolution.hpp"

namespace zimg::engine {

class ResidualBlock {
 public:
  ResidualBlock(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t groups,
                const PartLoader& loader);
  at::Tensor run(const at::Tensor& x, ImagePool& pool) const;

 private:
  GroupNorm norm1_;
  Convolution conv1_;
  GroupNorm norm2_;
  Convolution conv2_;
  std::optional<Convolution> shortcut_;  // where the channels change
};

// One head as wide as the channels, over all pixels.
class PixelAttention {
 public:
  PixelAttention(const std::string& name, std::int64_t channels, std::int64_t groups, const PartLoader& loader);
  at::Tensor run(const at::Tensor& x, ImagePool& pool) const;

 private:
  GroupNorm norm_;
  at::Tensor q_, q_bias_, k_, k_bias_, v_, v_bias_, out_, out_bias_;
};

}  // namespace zimg::engine
