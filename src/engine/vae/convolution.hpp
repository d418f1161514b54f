// Convolutions of the VAE: 3x3 or 1x1, stride 1, size kept, tensors [1, channels, height, width] in channels-last
// order.
#pragma once

#include <cstdint>
#include <string>

#include "engine/part_loader.hpp"
#include "engine/vae/group_norm.hpp"
#include "engine/vae/image_pool.hpp"

namespace zimg::engine {

// How a 3x3 convolution is made. Chosen by the CPU, the type and the channels alone, so that one machine always draws
// the same: products of bfloat16 where the CPU has matrix units, else Winograd's method where it pays, else libtorch.
enum class ConvolutionMethod : std::uint8_t { kLibtorch, kWinograd, kDirect };

// How one of such a weight, as it was loaded, is made.
ConvolutionMethod method_for(const at::Tensor& weight);

// What a 3x3 convolution keeps of such a weight, as it was loaded, in place of it; or an upsampling one.
std::uint64_t octets_of_convolution(const at::Tensor& weight, bool upsamples);

class Convolution {
 public:
  // `kernel` is 3 (padding 1) or 1 (no padding).
  Convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
              const PartLoader& loader);

  // Plus `addend`, where defined: an image of the result's size.
  at::Tensor run(const at::Tensor& x, ImagePool& pool, const at::Tensor& addend = {}) const;

  // The convolution of silu(norm(x)). With `may_overwrite` the normed image may be put into the memory of x.
  at::Tensor run_normed(const at::Tensor& x, const GroupNorm& norm, bool may_overwrite, ImagePool& pool,
                        const at::Tensor& addend = {}) const;

 private:
  at::Tensor run_by_libtorch(const at::Tensor& x) const;

  at::Tensor weight_, bias_;  // as the method wants them
  std::int64_t padding_;
  ConvolutionMethod method_ = ConvolutionMethod::kLibtorch;
};

// Nearest upsampling by 2 followed by a 3x3 convolution. But by Winograd's method, it is made as the four 2x2
// convolutions at the smaller size that it is: 16 products an input pixel and channel pair in place of 36.
class UpsamplingConvolution {
 public:
  UpsamplingConvolution(const std::string& name, std::int64_t channels, const PartLoader& loader);

  // [1, channels, height, width] to [1, channels, 2 height, 2 width].
  at::Tensor run(const at::Tensor& x, ImagePool& pool) const;

 private:
  at::Tensor run_by_libtorch(const at::Tensor& x, ImagePool& pool) const;

  at::Tensor weight_, bias_;  // as the method wants them; for libtorch [4 channels, channels, 2, 2]
  ConvolutionMethod method_ = ConvolutionMethod::kLibtorch;
};

}  // namespace zimg::engine
