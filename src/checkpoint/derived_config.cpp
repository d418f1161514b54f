#include "checkpoint/derived_config.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

std::int64_t extent(const PartWeights& weights, const std::string& name, std::size_t axis) {
  const TensorView tensor = weights.stored(name);
  if (axis >= tensor.shape.size() || tensor.shape[axis] < 1) {
    throw Error(ErrorCode::kBadModel, "tensor '" + name + "' is " + shape_text(tensor.shape) + ", expected an extent " +
                                          std::to_string(axis) + " of at least 1");
  }
  return tensor.shape[axis];
}

// How many of before + "0" + after, before + "1" + after, … there are.
std::int64_t count(const PartWeights& weights, const std::string& before, const std::string& after) {
  std::int64_t found = 0;
  while (weights.has(before + std::to_string(found) + after)) ++found;
  return found;
}

}  // namespace

TextEncoderConfig derive_text_encoder_config(const PartWeights& weights) {
  const std::string layer = "model.layers.0.";
  TextEncoderConfig config;
  config.vocab_size = extent(weights, "model.embed_tokens.weight", 0);
  config.hidden_size = extent(weights, "model.embed_tokens.weight", 1);
  config.head_dim = extent(weights, layer + "self_attn.q_norm.weight", 0);
  config.num_attention_heads = extent(weights, layer + "self_attn.q_proj.weight", 0) / config.head_dim;
  config.num_key_value_heads = extent(weights, layer + "self_attn.k_proj.weight", 0) / config.head_dim;
  config.intermediate_size = extent(weights, layer + "mlp.gate_proj.weight", 0);
  config.num_hidden_layers = count(weights, "model.layers.", ".input_layernorm.weight");
  if (config.num_hidden_layers < 2 || config.num_key_value_heads < 1) {
    throw Error(ErrorCode::kBadModel, "tensor '" + layer + "self_attn.k_proj.weight' belongs to a text encoder of " +
                                          std::to_string(config.num_hidden_layers) + " layers and " +
                                          std::to_string(config.num_key_value_heads) +
                                          " key-value heads, expected at least 2 and 1");
  }
  return config;
}

TransformerConfig derive_transformer_config(const PartWeights& weights) {
  TransformerConfig config;
  config.dim = extent(weights, "all_x_embedder.2-1.weight", 0);
  config.in_channels = extent(weights, "all_x_embedder.2-1.weight", 1) / 4;  // patches of 2x2
  config.cap_feat_dim = extent(weights, "cap_embedder.0.weight", 0);
  config.n_layers = count(weights, "layers.", ".attention_norm1.weight");
  config.n_refiner_layers = count(weights, "noise_refiner.", ".attention_norm1.weight");
  const std::int64_t head_dim = extent(weights, "layers.0.attention.norm_q.weight", 0);
  if (config.dim % head_dim != 0 || head_dim % 16 != 0) {
    throw Error(ErrorCode::kBadModel, "tensor 'layers.0.attention.norm_q.weight' gives heads of width " +
                                          std::to_string(head_dim) + ", expected a multiple of 16 that divides " +
                                          std::to_string(config.dim));
  }
  config.n_heads = config.dim / head_dim;
  config.axes_dims = {head_dim / 4, head_dim / 8 * 3, head_dim / 8 * 3};  // the release's proportion: 32, 48, 48
  config.axes_lens = {1536, 512, 512};
  return config;
}

VaeConfig derive_vae_config(const PartWeights& weights) {
  VaeConfig config;
  config.latent_channels = extent(weights, "decoder.conv_in.weight", 1);
  config.block_out_channels.clear();
  const std::int64_t blocks = count(weights, "decoder.up_blocks.", ".resnets.0.conv1.weight");
  for (std::int64_t i = blocks - 1; i >= 0; --i) {
    config.block_out_channels.push_back(
        extent(weights, "decoder.up_blocks." + std::to_string(i) + ".resnets.0.conv1.weight", 0));
  }
  if (blocks < 1 || blocks > 8) {
    throw Error(ErrorCode::kBadModel, "tensor 'decoder.conv_in.weight' belongs to a VAE of " + std::to_string(blocks) +
                                          " up blocks, expected 1 to 8");
  }
  config.layers_per_block = count(weights, "decoder.up_blocks.0.resnets.", ".conv1.weight") - 1;
  config.mid_block_add_attention = weights.has("decoder.mid_block.attentions.0.to_q.weight");
  config.use_post_quant_conv = weights.has("post_quant_conv.weight");
  config.sample_size = 1024;  // as released
  return config;
}

std::size_t count_vae_blocks(const StoredTensors& tensors) {
  std::size_t blocks = 0;
  for (const auto& [name, tensor] : tensors) {
    for (const std::string_view before : {"decoder.up.", "decoder.up_blocks."}) {
      const std::size_t at = name.find(before);
      if (at == std::string::npos) continue;
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(name.data() + at + before.size(), name.data() + name.size(), index);
      if (error == std::errc{} && index < 64) blocks = std::max(blocks, index + 1);
    }
  }
  return blocks;
}

}  // namespace zimg::checkpoint
