// A small picture of how far a drawing has come.
#pragma once

#include <ATen/core/TensorBody.h>

#include "engine/cancellation.hpp"
#include "engine/vae/decoder.hpp"

namespace zimg::engine {

// The picture that `latents` at noise level `sigma` would become if `velocity` (noise less data) held to the end,
// decoded at a size of at most 16 latents a side: about a hundredth of a step's work at 1024x1024.
// [height, width, 3] uint8 on the CPU.
at::Tensor preview(const at::Tensor& latents, const at::Tensor& velocity, float sigma, const Decoder& decoder,
                   const CheckCancelled& check_cancelled);

}  // namespace zimg::engine
