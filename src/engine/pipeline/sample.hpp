// From text rows to latents: the Euler steps of flow matching. Sections 5.4 and 6 of the model reference.
#pragma once

#include <cstddef>
#include <functional>

#include "engine/pipeline/model_parts.hpp"
#include "zimg/pipeline.hpp"

namespace zimg::engine {

// What the text encoder made of the prompts, [tokens, hidden].
struct TextRows {
  at::Tensor positive;
  at::Tensor negative;  // undefined where guidance is off
};

// Told after each step: the latents that it led to, and the velocity (noise less data) that it followed.
using OnStep = std::function<void(std::size_t step, const at::Tensor& latents, const at::Tensor& velocity)>;

// Latents [channels, height, width] in float32 on the denoiser's device. `on_step` may use `parts`.
at::Tensor sample(ModelParts& parts, const DrawingOrder& order, const TextRows& text, const OnStep& on_step,
                  const CheckCancelled& check_cancelled);

}  // namespace zimg::engine
