// Position tables of the denoiser: three axes (frame, row, column), section 3.4 and 3.5 of the model reference.
#pragma once

#include <cstdint>

#include "checkpoint/configs.hpp"
#include "engine/placement.hpp"

namespace zimg::engine {

// Padded to the next multiple of 32, as captions and pictures are before they enter the denoiser.
constexpr std::int64_t padded_tokens(std::int64_t tokens) {
  return (tokens + 31) / 32 * 32;
}

// Cosines and sines for the whole sequence: image tokens, their padding (all axes 0), then the caption at frames 1 to
// `caption_tokens`. The image stands at frame caption_tokens + 1. `caption_tokens` is padded already.
// [image + padding + caption, head_dim / 2, 2], float32.
at::Tensor rope_table(const checkpoint::TransformerConfig& config, std::int64_t rows, std::int64_t columns,
                      std::int64_t caption_tokens, const Placement& placement);

}  // namespace zimg::engine
