// Convolutions of the VAE: 3x3 or 1x1, stride 1, size kept, tensors [1, channels, height, width] in channels-last
// order.
#pragma once

#include <cstdint>
#include <string>

#include "engine/part_loader.hpp"
#include "engine/vae/image_pool.hpp"

namespace zimg::engine {

class Convolution {
 public:
  // `kernel` is 3 (padding 1) or 1 (no padding).
  Convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
              const PartLoader& loader);

  // Plus `addend`, where defined: an image of the result's size.
  at::Tensor run(const at::Tensor& x, ImagePool& pool, const at::Tensor& addend = {}) const;

 private:
  at::Tensor weight_, bias_;  // as Winograd's method wants them where it pays
  std::int64_t padding_;
  bool winograd_;
};

// Nearest upsampling by 2 followed by a 3x3 convolution. Where Winograd's method does not pay, as the four 2x2
// convolutions at the smaller size that it is: 16 products an input pixel and channel pair in place of 36. In bfloat16,
// whose products are twice as fast, it never does.
class UpsamplingConvolution {
 public:
  UpsamplingConvolution(const std::string& name, std::int64_t channels, const PartLoader& loader);

  // [1, channels, height, width] to [1, channels, 2 height, 2 width].
  at::Tensor run(const at::Tensor& x, ImagePool& pool) const;

 private:
  // [4 channels, channels, 2, 2], one kernel per parity of output row and column; or as Winograd's method wants it
  at::Tensor weight_;
  at::Tensor bias_;
  bool winograd_;
};

}  // namespace zimg::engine
