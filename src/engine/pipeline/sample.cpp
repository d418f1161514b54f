#include "engine/pipeline/sample.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <vector>

#include "engine/sampling/guidance.hpp"
#include "engine/sampling/noise.hpp"

namespace zimg::engine {
namespace {

// (1000 - T) / 1000 with T = 1000 sigma, each step rounded to float32 as the reference's tensors are.
std::vector<float> model_times(const std::vector<float>& sigmas) {
  std::vector<float> times;
  for (const float sigma : sigmas) {
    const float timestep = sigma * 1000.0f;
    times.push_back((1000.0f - timestep) / 1000.0f);
  }
  return times;
}

}  // namespace

at::Tensor sample(ModelParts& parts, const DrawingOrder& order, const TextRows& text, const OnStep& on_step,
                  const CheckCancelled& check_cancelled) {
  const checkpoint::ModelConfig& config = parts.model().config();
  const std::int64_t height = order.height / config.vae.scale();  // latents
  const std::int64_t width = order.width / config.vae.scale();
  const Guidance guidance{order.guidance, order.guidance_normalization, order.guidance_truncation};
  const std::vector<float> times = model_times(order.sigmas);
  const auto prepare = [&](const at::Tensor& rows) {
    return parts.denoiser(check_cancelled).prepare_caption(rows, height / 2, width / 2, check_cancelled);
  };
  const Denoiser::Caption positive = prepare(text.positive);
  const Denoiser::Caption negative = text.negative.defined() ? prepare(text.negative) : Denoiser::Caption{};
  const Denoiser::Steps steps = parts.denoiser(check_cancelled).prepare_steps(times);
  at::Tensor latents = starting_noise(order.seed, config.transformer.in_channels, height, width)
                           .to(parts.plan().placement(parts.plan().denoiser).device);
  for (std::size_t i = 0; i < order.sigmas.size(); ++i) {
    const Denoiser& denoiser =
        parts.denoiser(check_cancelled);  // asked for each time: a preview may have taken its place
    at::Tensor prediction = denoiser.predict(latents, positive, steps, i, check_cancelled);
    if (guidance.is_active(times[i])) {
      prediction = guidance.combine(prediction, denoiser.predict(latents, negative, steps, i, check_cancelled));
    }
    const at::Tensor velocity = -prediction;
    const float next = i + 1 < order.sigmas.size() ? order.sigmas[i + 1] : 0.0f;
    latents = latents + static_cast<double>(next - order.sigmas[i]) * velocity;
    on_step(i, latents, velocity);
  }
  return latents;
}

}  // namespace zimg::engine
