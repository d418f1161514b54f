#include "engine/vae/tiling.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <vector>

namespace zimg::engine {
namespace {

// The last pixels of `before` fade into the first of `tile` along `axis`, in place.
void blend(const at::Tensor& before, at::Tensor& tile, std::int64_t axis, std::int64_t extent) {
  extent = std::min({before.size(axis), tile.size(axis), extent});
  std::vector<std::int64_t> shape(4, 1);
  shape[static_cast<std::size_t>(axis)] = extent;
  const at::Tensor ramp = (at::arange(extent, at::TensorOptions().dtype(at::kFloat)) / static_cast<double>(extent))
                              .view(shape)
                              .to(tile.device(), tile.scalar_type());
  const at::Tensor old = before.narrow(axis, before.size(axis) - extent, extent);
  at::Tensor young = tile.narrow(axis, 0, extent);
  young.copy_(old * (1 - ramp) + young * ramp);
}

}  // namespace

TileSizes tile_sizes(const checkpoint::VaeConfig& config) {
  constexpr double kOverlap = 0.25;
  TileSizes sizes;
  sizes.latents = config.sample_size / config.scale();
  sizes.stride = static_cast<std::int64_t>(static_cast<double>(sizes.latents) * (1 - kOverlap));
  sizes.blend = static_cast<std::int64_t>(static_cast<double>(config.sample_size) * kOverlap);
  sizes.kept = config.sample_size - sizes.blend;
  return sizes;
}

at::Tensor decode_in_tiles(const at::Tensor& z, const TileSizes& sizes,
                           const std::function<at::Tensor(const at::Tensor&)>& decode) {
  std::vector<at::Tensor> above;
  std::vector<at::Tensor> bands;
  for (std::int64_t top = 0; top < z.size(2); top += sizes.stride) {
    std::vector<at::Tensor> row;
    std::vector<at::Tensor> kept;
    for (std::int64_t left = 0; left < z.size(3); left += sizes.stride) {
      const at::Tensor part = z.slice(2, top, top + sizes.latents).slice(3, left, left + sizes.latents);
      at::Tensor tile = decode(part);
      if (!above.empty()) blend(above[row.size()], tile, 2, sizes.blend);
      if (!row.empty()) blend(row.back(), tile, 3, sizes.blend);
      row.push_back(tile);
      kept.push_back(tile.slice(2, 0, sizes.kept).slice(3, 0, sizes.kept));
    }
    bands.push_back(at::cat(kept, 3));
    above = std::move(row);
  }
  return at::cat(bands, 2);
}

}  // namespace zimg::engine
