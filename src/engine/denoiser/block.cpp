#include "engine/denoiser/block.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/attention.hpp"
#include "engine/kernels/fused.hpp"
#include "engine/kernels/linear.hpp"

namespace zimg::engine {
namespace {

constexpr double kHeadNormEps = 1e-5;  // fixed in the reference, whatever norm_eps says

}  // namespace

Block::Block(const std::string& prefix, bool modulated, const checkpoint::TransformerConfig& config,
             const PartLoader& loader)
    : heads_(config.n_heads),
      eps_(config.norm_eps),
      attention_factor_(loader.placement().dtype == at::kHalf ? 1.0 / 16 : 1.0),
      feed_forward_factor_(loader.placement().dtype == at::kHalf ? 1.0 / 32 : 1.0) {
  const std::int64_t dim = config.dim;
  const std::int64_t inner = config.ffn_dim();
  q_ = loader.load_matrix(prefix + "attention.to_q.weight", {dim, dim});
  k_ = loader.load_matrix(prefix + "attention.to_k.weight", {dim, dim});
  v_ = loader.load_matrix(prefix + "attention.to_v.weight", {dim, dim});
  o_ = loader.load_matrix(prefix + "attention.to_out.0.weight", {dim, dim});
  q_norm_ = loader.load_as_float(prefix + "attention.norm_q.weight", {config.head_dim()});
  k_norm_ = loader.load_as_float(prefix + "attention.norm_k.weight", {config.head_dim()});
  attention_norm1_ = loader.load_as_float(prefix + "attention_norm1.weight", {dim});
  attention_norm2_ = loader.load_as_float(prefix + "attention_norm2.weight", {dim});
  ffn_norm1_ = loader.load_as_float(prefix + "ffn_norm1.weight", {dim});
  ffn_norm2_ = loader.load_as_float(prefix + "ffn_norm2.weight", {dim});
  w1_ = loader.load_matrix(prefix + "feed_forward.w1.weight", {inner, dim});
  w2_ = loader.load_matrix(prefix + "feed_forward.w2.weight", {dim, inner});
  w3_ = loader.load_matrix(prefix + "feed_forward.w3.weight", {inner, dim});
  if (!modulated) return;
  modulation_weight_ = loader.load(prefix + "adaLN_modulation.0.weight", {4 * dim, config.modulation_dim()});
  modulation_bias_ = loader.load(prefix + "adaLN_modulation.0.bias", {4 * dim});
}

at::Tensor Block::modulations(const at::Tensor& step_embeddings) const {
  const std::int64_t dim = attention_norm1_.size(0);
  const at::Tensor raw =
      at::linear(step_embeddings, modulation_weight_, modulation_bias_).to(at::kFloat).view({-1, 4, dim});
  const at::Tensor scale_attention = raw.select(1, 0) + 1;
  const at::Tensor gate_attention = raw.select(1, 1).tanh();
  const at::Tensor scale_feed_forward = raw.select(1, 2) + 1;
  const at::Tensor gate_feed_forward = raw.select(1, 3).tanh();
  return at::stack({scale_attention, gate_attention, scale_feed_forward, gate_feed_forward}, 1);
}

at::Tensor Block::attend(const at::Tensor& normed, const at::Tensor& rope) const {
  const std::int64_t tokens = normed.size(0);
  at::Tensor q = kernels::linear(normed, q_).view({tokens, heads_, -1});
  at::Tensor k = kernels::linear(normed, k_).view({tokens, heads_, -1});
  const at::Tensor v = kernels::linear(normed, v_).view({tokens, heads_, -1});
  kernels::norm_rotate_(q, q_norm_, rope, kernels::RotaryPairs::kAdjacent, kHeadNormEps);
  kernels::norm_rotate_(k, k_norm_, rope, kernels::RotaryPairs::kAdjacent, kHeadNormEps);
  at::Tensor mixed = kernels::attention(q, k, v, false);
  if (attention_factor_ != 1) mixed.mul_(attention_factor_);
  return kernels::linear(mixed, o_);
}

at::Tensor Block::feed_forward(const at::Tensor& normed) const {
  at::Tensor gate = kernels::linear(normed, w1_);
  kernels::silu_multiply_(gate, kernels::linear(normed, w3_), feed_forward_factor_);
  return kernels::linear(gate, w2_);
}

void Block::run(at::Tensor& x, const at::Tensor& rope, const Modulation& modulation) const {
  const at::Tensor attended = attend(kernels::rms_norm(x, attention_norm1_, modulation.scale_attention, eps_), rope);
  // rms_norm(f y, eps f^2) = rms_norm(y, eps): a factor leaves no trace but its range.
  const auto eps_of = [&](double factor) { return eps_ * factor * factor; };
  kernels::add_rms_norm_(x, attended, attention_norm2_, modulation.gate_attention, eps_of(attention_factor_));
  const at::Tensor fed = feed_forward(kernels::rms_norm(x, ffn_norm1_, modulation.scale_feed_forward, eps_));
  kernels::add_rms_norm_(x, fed, ffn_norm2_, modulation.gate_feed_forward, eps_of(feed_forward_factor_));
}

}  // namespace zimg::engine
