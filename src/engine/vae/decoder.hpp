// The VAE decoder: latents to pixels. Sections 2.3 and 7 of the model reference.
//
// Immutable after construction.
#pragma once

#include <optional>
#include <vector>

#include "checkpoint/configs.hpp"
#include "engine/cancellation.hpp"
#include "engine/part_loader.hpp"
#include "engine/vae/residual_block.hpp"

namespace zimg::engine {

class Decoder {
 public:
  Decoder(const checkpoint::VaeConfig& config, const PartLoader& loader);

  // Latents [channels, height, width] float32 to [height * scale, width * scale, 3] uint8 on the CPU. With `tiling`,
  // latents larger than a tile are decoded in overlapping tiles and blended, as the reference's tiled_decode does it.
  at::Tensor decode(const at::Tensor& latents, bool tiling, const CheckCancelled& check_cancelled) const;

 private:
  struct UpBlock {
    std::vector<ResidualBlock> residuals;
    std::optional<UpsamplingConvolution> upsampling;
  };

  at::Tensor run(const at::Tensor& z, const CheckCancelled& check_cancelled) const;  // [1, 3, H, W], about -1 to 1

  checkpoint::VaeConfig config_;
  Placement placement_;
  Convolution conv_in_;
  ResidualBlock mid_first_;
  std::optional<PixelAttention> mid_attention_;
  ResidualBlock mid_second_;
  std::vector<UpBlock> up_blocks_;
  GroupNorm norm_out_;
  Convolution conv_out_;
  std::optional<Convolution> post_quant_;
};

}  // namespace zimg::engine
