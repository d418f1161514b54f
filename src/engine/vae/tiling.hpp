// Decoding in overlapping tiles, for pictures that would not fit in memory whole. Other pixels than decoding at once,
// so it is part of the key. Source: diffusers AutoencoderKL.tiled_decode, blend_v and blend_h.
#pragma once

#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <functional>

#include "checkpoint/configs.hpp"

namespace zimg::engine {

struct TileSizes {
  std::int64_t latents = 128;  // a side of one tile
  std::int64_t stride = 96;    // latents from one tile to the next: an overlap of a quarter
  std::int64_t blend = 256;    // pixels over which two tiles are blended
  std::int64_t kept = 768;     // pixels of a tile that are kept
};

// The sizes that the reference takes from the config's sample_size. They make up a picture where config.can_tile().
TileSizes tile_sizes(const checkpoint::VaeConfig& config);

// `z` is [1, channels, height, width]; `decode` takes one tile to [1, 3, h, w]. REQUIRES: sizes of a config that can
// tile, which the canonical request sees to: a stride of 0 would never end.
at::Tensor decode_in_tiles(const at::Tensor& z, const TileSizes& sizes,
                           const std::function<at::Tensor(const at::Tensor&)>& decode);

}  // namespace zimg::engine
