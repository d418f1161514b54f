// One transformer block of the denoiser: attention and a gated feed-forward, each between two norms. Section 3.8.
#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/configs.hpp"
#include "engine/part_loader.hpp"

namespace zimg::engine {

// What the step adds to a block, each float32 [dim]: scales are 1 + scale, gates tanh(gate). Undefined tensors in a
// block without modulation.
struct Modulation {
  at::Tensor scale_attention, gate_attention, scale_feed_forward, gate_feed_forward;
};

class Block {
 public:
  // `prefix` is, for example, "layers.3.". A modulated block also owns adaLN_modulation.
  Block(const std::string& prefix, bool modulated, const checkpoint::TransformerConfig& config,
        const PartLoader& loader);

  // From the step embeddings [steps, modulation_dim] to what each step adds: float32 [steps, 4, dim] in the order of
  // the Modulation struct.
  at::Tensor modulations(const at::Tensor& step_embeddings) const;

  // x is [tokens, dim] and changed in place; `rope` as in rope_table.hpp, [tokens, head_dim / 2, 2].
  void run(at::Tensor& x, const at::Tensor& rope, const Modulation& modulation) const;

 private:
  at::Tensor attend(const at::Tensor& normed, const at::Tensor& rope) const;
  at::Tensor feed_forward(const at::Tensor& normed) const;

  std::int64_t heads_;
  double eps_;
  // These keep float16 within range before the last matrix of each half; the norm behind takes them out again.
  double attention_factor_, feed_forward_factor_;
  at::Tensor q_, k_, v_, o_, q_norm_, k_norm_;
  at::Tensor attention_norm1_, attention_norm2_, ffn_norm1_, ffn_norm2_;
  at::Tensor w1_, w2_, w3_;
  at::Tensor modulation_weight_, modulation_bias_;
};

}  // namespace zimg::engine
