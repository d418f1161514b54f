// The text encoder: Qwen3 without its last layer, final norm and language head, none of which Z-Image reads.
// Source: transformers modeling_qwen3.py and section 4 of the model reference; hidden_states[-2] is the output.
//
// Immutable after construction; encode() may run on several threads.
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/configs.hpp"
#include "engine/cancellation.hpp"
#include "engine/part_loader.hpp"

namespace zimg::engine {

class TextEncoder {
 public:
  TextEncoder(const checkpoint::TextEncoderConfig& config, const PartLoader& loader);

  // Token ids, each below vocab_size, to rows [tokens, hidden_size] in the placement's type. Only the real tokens run:
  // attention is causal, so the reference's padding on the right cannot reach them.
  at::Tensor encode(const std::vector<std::uint32_t>& ids, const CheckCancelled& check_cancelled) const;

 private:
  struct Layer {
    at::Tensor input_norm, q, k, v, o, q_norm, k_norm, post_norm, gate, up, down;
  };

  Layer load_layer(std::int64_t index, const PartLoader& loader) const;
  at::Tensor position_table(std::int64_t tokens) const;  // [tokens, head_dim / 2, 2], float32
  void run_layer(const Layer& layer, const at::Tensor& positions, at::Tensor& hidden) const;

  checkpoint::TextEncoderConfig config_;
  Placement placement_;
  at::Tensor embeddings_;  // [vocab_size, hidden_size], in the file where it can be
  std::vector<Layer> layers_;
};

}  // namespace zimg::engine
