// The numbers of a part that comes without a config file, from the shapes of its tensors and, where these are silent,
// from the release.
//
// Free functions. Errors: Error kBadModel naming tensor and file.
#pragma once

#include "checkpoint/configs.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/safetensors_header.hpp"

namespace zimg::checkpoint {

TextEncoderConfig derive_text_encoder_config(const PartWeights& weights);
TransformerConfig derive_transformer_config(const PartWeights& weights);
VaeConfig derive_vae_config(const PartWeights& weights);

// How many up blocks the VAE among `tensors` has, in either naming; 0 when there is none.
std::size_t count_vae_blocks(const StoredTensors& tensors);

}  // namespace zimg::checkpoint
