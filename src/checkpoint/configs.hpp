// The numbers of a checkpoint's config files: what the engine builds its parts from. Plain values.
//
// Defaults are those of the reference's classes (diffusers 0.42, transformers 5) for keys that a file leaves out.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/drawing_limits.hpp"

namespace zimg::checkpoint {

struct TextEncoderConfig {  // text_encoder/config.json: Qwen3
  std::int64_t vocab_size = 151936;
  std::int64_t hidden_size = 2560;
  std::int64_t intermediate_size = 9728;
  std::int64_t num_hidden_layers = 36;
  std::int64_t num_attention_heads = 32;
  std::int64_t num_key_value_heads = 8;
  std::int64_t head_dim = 128;
  double rms_norm_eps = 1e-6;
  double rope_theta = 1e6;  // also read from rope_parameters.rope_theta
};

struct TransformerConfig {  // transformer/config.json: ZImageTransformer2DModel
  std::int64_t in_channels = 16;
  std::int64_t dim = 3840;
  std::int64_t n_layers = 30;
  std::int64_t n_refiner_layers = 2;
  std::int64_t n_heads = 30;
  std::int64_t cap_feat_dim = 2560;
  double norm_eps = 1e-5;
  double rope_theta = 256.0;
  double t_scale = 1000.0;
  std::array<std::int64_t, 3> axes_dims{32, 48, 48};
  std::array<std::int64_t, 3> axes_lens{1024, 512, 512};

  std::int64_t head_dim() const { return dim / n_heads; }
  // int(dim / 3 * 8), in floating point and truncated as the reference does it.
  std::int64_t ffn_dim() const { return static_cast<std::int64_t>(static_cast<double>(dim) / 3 * 8); }
  std::int64_t modulation_dim() const { return dim < 256 ? dim : 256; }  // min(dim, 256)
};

struct VaeConfig {  // vae/config.json: AutoencoderKL
  std::int64_t latent_channels = 16;
  std::vector<std::int64_t> block_out_channels{128, 256, 512, 512};
  std::int64_t layers_per_block = 2;
  std::int64_t norm_num_groups = 32;
  double scaling_factor = 0.3611;
  double shift_factor = 0.1159;
  bool mid_block_add_attention = true;
  bool use_post_quant_conv = false;
  std::int64_t sample_size = 32;  // pixels a side of a tile when decoding in tiles

  // Pixels per latent along one side: 2^(blocks - 1).
  std::int64_t scale() const { return std::int64_t{1} << (block_out_channels.size() - 1); }

  // Tiles overlap by a quarter. Only where that is whole latents do the pixels that are kept of one end where the next
  // begins; elsewhere the picture would be of another size, or the tiles would never end.
  std::int64_t tile_step() const { return 4 * scale(); }  // pixels
  bool can_tile() const { return sample_size % tile_step() == 0; }
};

struct SchedulerConfig {  // scheduler/scheduler_config.json: FlowMatchEulerDiscreteScheduler
  double shift = 3.0;
};

// What a request that leaves a number out gets: from zimg.json in the model folder, else from the schedule's shift
// (3, Turbo: 8 steps, guidance 0; 6, base: 50 steps, guidance 4; 1024x1024).
struct ModelDefaults {
  std::string name;
  std::uint32_t width = 1024;   // pixels
  std::uint32_t height = 1024;  // pixels
  std::uint32_t steps = 8;
  double guidance = 0;
};

struct ModelConfig {
  TextEncoderConfig text_encoder;
  TransformerConfig transformer;
  VaeConfig vae;
  SchedulerConfig scheduler;
  ModelDefaults defaults;

  // Sizes are multiples of this many pixels: two latents a token.
  std::uint32_t size_step() const { return static_cast<std::uint32_t>(2 * vae.scale()); }
  // The longest side that the position tables reach, in pixels: axes_lens tokens, and no more than a picture may have.
  std::uint32_t max_side() const {
    const std::int64_t tokens = std::min(transformer.axes_lens[1], transformer.axes_lens[2]);
    return static_cast<std::uint32_t>(std::min<std::int64_t>(tokens * size_step(), base::kMaxPictureSide));
  }
};

}  // namespace zimg::checkpoint
