#include "engine/text_encoder/text_encoder.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/attention.hpp"
#include "engine/kernels/fused.hpp"
#include "engine/kernels/linear.hpp"

namespace zimg::engine {

TextEncoder::TextEncoder(const checkpoint::TextEncoderConfig& config, const PartLoader& loader)
    : config_(config), placement_(loader.placement()) {
  embeddings_ = loader.load("model.embed_tokens.weight", {config.vocab_size, config.hidden_size});
  for (std::int64_t i = 0; i + 1 < config.num_hidden_layers; ++i) layers_.push_back(load_layer(i, loader));
}

TextEncoder::Layer TextEncoder::load_layer(std::int64_t index, const PartLoader& loader) const {
  const std::string prefix = "model.layers." + std::to_string(index) + ".";
  const std::int64_t hidden = config_.hidden_size;
  const std::int64_t query = config_.num_attention_heads * config_.head_dim;
  const std::int64_t key = config_.num_key_value_heads * config_.head_dim;
  const std::int64_t inner = config_.intermediate_size;
  Layer layer;
  layer.input_norm = loader.load_as_float(prefix + "input_layernorm.weight", {hidden});
  layer.q = loader.load_matrix(prefix + "self_attn.q_proj.weight", {query, hidden});
  layer.k = loader.load_matrix(prefix + "self_attn.k_proj.weight", {key, hidden});
  layer.v = loader.load_matrix(prefix + "self_attn.v_proj.weight", {key, hidden});
  layer.o = loader.load_matrix(prefix + "self_attn.o_proj.weight", {hidden, query});
  layer.q_norm = loader.load_as_float(prefix + "self_attn.q_norm.weight", {config_.head_dim});
  layer.k_norm = loader.load_as_float(prefix + "self_attn.k_norm.weight", {config_.head_dim});
  layer.post_norm = loader.load_as_float(prefix + "post_attention_layernorm.weight", {hidden});
  layer.gate = loader.load_matrix(prefix + "mlp.gate_proj.weight", {inner, hidden});
  layer.up = loader.load_matrix(prefix + "mlp.up_proj.weight", {inner, hidden});
  layer.down = loader.load_matrix(prefix + "mlp.down_proj.weight", {hidden, inner});
  return layer;
}

at::Tensor TextEncoder::position_table(std::int64_t tokens) const {
  // Frequencies and angles in float32, cosines rounded to the type of the hidden state before use: section 4.6.
  const at::Tensor even = at::arange(0, config_.head_dim, 2, placement_.float_options());
  const at::Tensor frequency = 1.0 / at::pow(config_.rope_theta, even / static_cast<double>(config_.head_dim));
  const at::Tensor angle = at::arange(tokens, placement_.float_options()).unsqueeze(1) * frequency.unsqueeze(0);
  const at::Tensor table = at::stack({angle.cos(), angle.sin()}, -1);
  return table.to(placement_.dtype).to(at::kFloat).contiguous();
}

void TextEncoder::run_layer(const Layer& layer, const at::Tensor& positions, at::Tensor& hidden) const {
  const std::int64_t tokens = hidden.size(0);
  const double eps = config_.rms_norm_eps;
  const at::Tensor normed = kernels::rms_norm(hidden, layer.input_norm, {}, eps);
  at::Tensor q = kernels::linear(normed, layer.q).view({tokens, config_.num_attention_heads, config_.head_dim});
  at::Tensor k = kernels::linear(normed, layer.k).view({tokens, config_.num_key_value_heads, config_.head_dim});
  const at::Tensor v = kernels::linear(normed, layer.v).view({tokens, config_.num_key_value_heads, config_.head_dim});
  kernels::norm_rotate_(q, layer.q_norm, positions, kernels::RotaryPairs::kHalves, eps);
  kernels::norm_rotate_(k, layer.k_norm, positions, kernels::RotaryPairs::kHalves, eps);
  hidden += kernels::linear(kernels::attention(q, k, v, true), layer.o);

  const at::Tensor inner = kernels::rms_norm(hidden, layer.post_norm, {}, eps);
  at::Tensor gate = kernels::linear(inner, layer.gate);
  kernels::silu_multiply_(gate, kernels::linear(inner, layer.up), 1.0);
  hidden += kernels::linear(gate, layer.down);
}

at::Tensor TextEncoder::encode(const std::vector<std::uint32_t>& ids, const CheckCancelled& check_cancelled) const {
  const std::vector<std::int64_t> wide(ids.begin(), ids.end());
  const at::Tensor index = at::tensor(wide, at::TensorOptions().dtype(at::kLong)).to(placement_.device);
  at::Tensor hidden = at::index_select(embeddings_, 0, index);  // [tokens, hidden_size]
  const at::Tensor positions = position_table(hidden.size(0));
  for (const Layer& layer : layers_) {
    check_cancelled();
    run_layer(layer, positions, hidden);
  }
  return hidden;
}

}  // namespace zimg::engine
