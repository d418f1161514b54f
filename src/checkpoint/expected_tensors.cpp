#include "checkpoint/expected_tensors.hpp"

#include <utility>

namespace zimg::checkpoint {
namespace {

using Shape = std::vector<std::int64_t>;

// Collects tensors below a prefix.
class List {
 public:
  void add(const std::string& name, Shape shape, bool is_used = true) {
    tensors_.push_back({name, std::move(shape), is_used});
  }
  void add_with_bias(const std::string& name, Shape shape) {
    const std::int64_t width = shape.front();
    add(name + ".weight", std::move(shape));
    add(name + ".bias", {width});
  }
  void add_norm_with_bias(const std::string& name, std::int64_t width) { add_with_bias(name, {width}); }
  std::vector<ExpectedTensor> take() { return std::move(tensors_); }

 private:
  std::vector<ExpectedTensor> tensors_;
};

void add_text_layer(List& list, const TextEncoderConfig& config, std::int64_t index, bool is_used) {
  const std::string layer = "model.layers." + std::to_string(index) + ".";
  const std::int64_t hidden = config.hidden_size;
  const std::int64_t query = config.num_attention_heads * config.head_dim;
  const std::int64_t key = config.num_key_value_heads * config.head_dim;
  list.add(layer + "input_layernorm.weight", {hidden}, is_used);
  list.add(layer + "self_attn.q_proj.weight", {query, hidden}, is_used);
  list.add(layer + "self_attn.k_proj.weight", {key, hidden}, is_used);
  list.add(layer + "self_attn.v_proj.weight", {key, hidden}, is_used);
  list.add(layer + "self_attn.q_norm.weight", {config.head_dim}, is_used);
  list.add(layer + "self_attn.k_norm.weight", {config.head_dim}, is_used);
  list.add(layer + "self_attn.o_proj.weight", {hidden, query}, is_used);
  list.add(layer + "post_attention_layernorm.weight", {hidden}, is_used);
  list.add(layer + "mlp.gate_proj.weight", {config.intermediate_size, hidden}, is_used);
  list.add(layer + "mlp.up_proj.weight", {config.intermediate_size, hidden}, is_used);
  list.add(layer + "mlp.down_proj.weight", {hidden, config.intermediate_size}, is_used);
}

std::vector<ExpectedTensor> text_encoder(const TextEncoderConfig& config) {
  List list;
  list.add("model.embed_tokens.weight", {config.vocab_size, config.hidden_size});
  // The picture is conditioned on the output of the last layer but one.
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    add_text_layer(list, config, i, i + 1 < config.num_hidden_layers);
  }
  list.add("model.norm.weight", {config.hidden_size}, false);
  return list.take();
}

void add_block(List& list, const TransformerConfig& config, const std::string& block, bool is_modulated) {
  const std::int64_t dim = config.dim;
  for (const char* name : {"to_q", "to_k", "to_v", "to_out.0"}) {
    list.add(block + ".attention." + name + ".weight", {dim, dim});
  }
  list.add(block + ".attention.norm_q.weight", {config.head_dim()});
  list.add(block + ".attention.norm_k.weight", {config.head_dim()});
  for (const char* name : {"attention_norm1", "attention_norm2", "ffn_norm1", "ffn_norm2"}) {
    list.add(block + "." + name + ".weight", {dim});
  }
  list.add(block + ".feed_forward.w1.weight", {config.ffn_dim(), dim});
  list.add(block + ".feed_forward.w2.weight", {dim, config.ffn_dim()});
  list.add(block + ".feed_forward.w3.weight", {config.ffn_dim(), dim});
  if (is_modulated) list.add_with_bias(block + ".adaLN_modulation.0", {4 * dim, config.modulation_dim()});
}

std::vector<ExpectedTensor> transformer(const TransformerConfig& config) {
  constexpr std::int64_t kTimestepWidth = 256;
  constexpr std::int64_t kTimestepHidden = 1024;
  const std::int64_t patch = 2 * 2 * config.in_channels;
  List list;
  list.add_with_bias("t_embedder.mlp.0", {kTimestepHidden, kTimestepWidth});
  list.add_with_bias("t_embedder.mlp.2", {config.modulation_dim(), kTimestepHidden});
  list.add_with_bias("all_x_embedder.2-1", {config.dim, patch});
  list.add("x_pad_token", {1, config.dim});
  list.add("cap_embedder.0.weight", {config.cap_feat_dim});
  list.add_with_bias("cap_embedder.1", {config.dim, config.cap_feat_dim});
  list.add("cap_pad_token", {1, config.dim});
  const auto add_blocks = [&](const std::string& kind, std::int64_t count, bool is_modulated) {
    for (std::int64_t i = 0; i < count; ++i) add_block(list, config, kind + "." + std::to_string(i), is_modulated);
  };
  add_blocks("noise_refiner", config.n_refiner_layers, true);
  add_blocks("context_refiner", config.n_refiner_layers, false);
  add_blocks("layers", config.n_layers, true);
  list.add_with_bias("all_final_layer.2-1.adaLN_modulation.1", {config.dim, config.modulation_dim()});
  list.add_with_bias("all_final_layer.2-1.linear", {patch, config.dim});
  return list.take();
}

void add_resnet(List& list, const std::string& name, std::int64_t in, std::int64_t out) {
  list.add_norm_with_bias(name + ".norm1", in);
  list.add_with_bias(name + ".conv1", {out, in, 3, 3});
  list.add_norm_with_bias(name + ".norm2", out);
  list.add_with_bias(name + ".conv2", {out, out, 3, 3});
  if (in != out) list.add_with_bias(name + ".conv_shortcut", {out, in, 1, 1});
}

void add_mid_block(List& list, const VaeConfig& config, std::int64_t width) {
  add_resnet(list, "decoder.mid_block.resnets.0", width, width);
  if (config.mid_block_add_attention) {
    const std::string attention = "decoder.mid_block.attentions.0.";
    list.add_norm_with_bias(attention + "group_norm", width);
    for (const char* name : {"to_q", "to_k", "to_v", "to_out.0"}) list.add_with_bias(attention + name, {width, width});
  }
  add_resnet(list, "decoder.mid_block.resnets.1", width, width);
}

std::vector<ExpectedTensor> vae_decoder(const VaeConfig& config) {
  const Shape widths(config.block_out_channels.rbegin(), config.block_out_channels.rend());
  List list;
  if (config.use_post_quant_conv) {
    list.add_with_bias("post_quant_conv", {config.latent_channels, config.latent_channels, 1, 1});
  }
  list.add_with_bias("decoder.conv_in", {widths.front(), config.latent_channels, 3, 3});
  add_mid_block(list, config, widths.front());
  std::int64_t in = widths.front();
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string block = "decoder.up_blocks." + std::to_string(i) + ".";
    for (std::int64_t j = 0; j <= config.layers_per_block; ++j) {
      add_resnet(list, block + "resnets." + std::to_string(j), in, widths[i]);
      in = widths[i];
    }
    if (i + 1 < widths.size()) list.add_with_bias(block + "upsamplers.0.conv", {in, in, 3, 3});
  }
  list.add_norm_with_bias("decoder.conv_norm_out", in);
  list.add_with_bias("decoder.conv_out", {3, in, 3, 3});
  return list.take();
}

}  // namespace

std::vector<ExpectedTensor> expected_tensors(Part part, const ModelConfig& config) {
  switch (part) {
    case Part::kTextEncoder:
      return text_encoder(config.text_encoder);
    case Part::kTransformer:
      return transformer(config.transformer);
    case Part::kVae:
      return vae_decoder(config.vae);
  }
  return {};
}

}  // namespace zimg::checkpoint
