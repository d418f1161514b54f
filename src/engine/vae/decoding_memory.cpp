#include "engine/vae/decoding_memory.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "engine/vae/convolution.hpp"
#include "engine/vae/tiling.hpp"

namespace zimg::engine {
namespace {

constexpr std::int64_t kColours = 3;

bool is_by_libtorch(std::int64_t in, std::int64_t out, const Placement& placement) {
  const at::Tensor weight = at::empty({}, at::TensorOptions().dtype(placement.dtype)).expand({out, in, 3, 3});
  return method_for(weight) == ConvolutionMethod::kLibtorch;
}

// Channels of the images that a residual block has at once: its input, the result of either convolution, and what the
// shortcut makes of the input. libtorch's convolutions read a normed copy, whose memory the pool keeps beside that of
// the first input while a further block makes its three.
std::int64_t channels_at_once(std::int64_t in, std::int64_t out, const Placement& placement) {
  if (is_by_libtorch(in, out, placement) || is_by_libtorch(out, out, placement)) return 2 * in + 3 * out;
  return in + 2 * out + (in != out ? out : 0);
}

// Of Decoder::run: the most that one of the blocks takes, each at its size.
std::int64_t octets_to_run(const checkpoint::VaeConfig& config, const Placement& placement, LatentSize size) {
  std::int64_t most = 0;
  std::int64_t pixels = size.height * size.width;
  std::int64_t in = config.block_out_channels.back();
  for (auto out = config.block_out_channels.rbegin(); out != config.block_out_channels.rend(); ++out, pixels *= 4) {
    most = std::max(most, pixels * channels_at_once(in, *out, placement));
    in = *out;
  }
  return most * static_cast<std::int64_t>(at::elementSize(placement.dtype));
}

}  // namespace

std::uint64_t octets_to_decode(const checkpoint::VaeConfig& config, const Placement& placement, LatentSize size,
                               bool tiling) {
  const TileSizes tile = tile_sizes(config);
  const std::int64_t numbers = kColours * size.height * size.width * config.scale() * config.scale();
  const std::int64_t image = numbers * static_cast<std::int64_t>(at::elementSize(placement.dtype));
  // The image twice, three of it in float32, and two of octets: as Decoder::decode turns it into a picture.
  const std::int64_t to_picture = 2 * image + numbers * (3 * 4 + 2);
  std::int64_t to_image = 0;
  if (tiling && (size.height > tile.latents || size.width > tile.latents)) {
    const LatentSize largest{std::min(size.height, tile.latents), std::min(size.width, tile.latents)};
    to_image = image + octets_to_run(config, placement, largest);
  } else {
    to_image = octets_to_run(config, placement, size);
  }
  return static_cast<std::uint64_t>(std::max(to_image, to_picture));
}

}  // namespace zimg::engine
