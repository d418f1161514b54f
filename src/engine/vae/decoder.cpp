#include "engine/vae/decoder.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/vae/tiling.hpp"

namespace zimg::engine {

Decoder::Decoder(const checkpoint::VaeConfig& config, const PartLoader& loader)
    : config_(config),
      placement_(loader.placement()),
      conv_in_("decoder.conv_in", config.latent_channels, config.block_out_channels.back(), 3, loader),
      mid_first_("decoder.mid_block.resnets.0", config.block_out_channels.back(), config.block_out_channels.back(),
                 config.norm_num_groups, loader),
      mid_second_("decoder.mid_block.resnets.1", config.block_out_channels.back(), config.block_out_channels.back(),
                  config.norm_num_groups, loader),
      norm_out_("decoder.conv_norm_out", config.block_out_channels.front(), config.norm_num_groups, loader),
      conv_out_("decoder.conv_out", config.block_out_channels.front(), 3, 3, loader) {
  const std::int64_t groups = config.norm_num_groups;
  std::int64_t channels = config.block_out_channels.back();
  if (config.mid_block_add_attention) {
    mid_attention_.emplace("decoder.mid_block.attentions.0", channels, groups, loader);
  }
  if (config.use_post_quant_conv) {
    post_quant_.emplace("post_quant_conv", config.latent_channels, config.latent_channels, 1, loader);
  }
  const std::size_t blocks = config.block_out_channels.size();
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::string name = "decoder.up_blocks." + std::to_string(i);
    const std::int64_t out = config.block_out_channels[blocks - 1 - i];
    UpBlock block;
    for (std::int64_t j = 0; j <= config.layers_per_block; ++j) {
      block.residuals.emplace_back(name + ".resnets." + std::to_string(j), j == 0 ? channels : out, out, groups,
                                   loader);
    }
    if (i + 1 < blocks) block.upsampling.emplace(name + ".upsamplers.0.conv", out, loader);
    up_blocks_.push_back(std::move(block));
    channels = out;
  }
}

at::Tensor Decoder::run(const at::Tensor& z, const CheckCancelled& check_cancelled) const {
  ImagePool pool;
  at::Tensor x = z.contiguous(at::MemoryFormat::ChannelsLast);
  if (post_quant_) x = post_quant_->run(x, pool);
  x = mid_first_.run(conv_in_.run(x, pool), pool);
  if (mid_attention_) x = mid_attention_->run(x, pool);
  x = mid_second_.run(x, pool);
  for (const UpBlock& block : up_blocks_) {
    for (const ResidualBlock& residual : block.residuals) {
      check_cancelled();
      x = residual.run(x, pool);
    }
    if (block.upsampling) x = block.upsampling->run(x, pool);
  }
  return conv_out_.run_normed(x, norm_out_, true, pool);
}

at::Tensor Decoder::decode(const at::Tensor& latents, bool tiling, const CheckCancelled& check_cancelled) const {
  // In the type of the VAE, one rounding an operation, as the reference.
  const at::Tensor z = (latents.to(placement_.dtype) / config_.scaling_factor + config_.shift_factor).unsqueeze(0);
  const auto decode_tile = [&](const at::Tensor& tile) { return run(tile, check_cancelled); };
  const TileSizes sizes = tile_sizes(config_);
  const bool in_tiles = tiling && (z.size(2) > sizes.latents || z.size(3) > sizes.latents);
  const at::Tensor image = in_tiles ? decode_in_tiles(z, sizes, decode_tile) : decode_tile(z);
  const at::Tensor unit = (image * 0.5 + 0.5).clamp(0, 1);
  return unit.squeeze(0)
      .permute({1, 2, 0})
      .to(at::kFloat)
      .mul(255.0)
      .round()  // half to even
      .to(at::kByte)
      .cpu()
      .contiguous();
}

}  // namespace zimg::engine
