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
  class Linear {
   public:
    Linear(const std::string& name, std::int64_t channels, const PartLoader& loader);
    // [pixels, channels], of the type that libtorch's products are best made in.
    at::Tensor run(const at::Tensor& rows) const;

   private:
    at::Tensor weight_, bias_;
  };

  GroupNorm norm_;
  Linear q_, k_, v_, out_;
};

}  // namespace zimg::engine
