#include "engine/denoiser/denoiser.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>

#include "engine/denoiser/rope_table.hpp"
#include "engine/kernels/fused.hpp"

namespace zimg::engine {
namespace {

constexpr std::int64_t kPatch = 2;               // latents a side of one token
constexpr std::int64_t kFrequencyWidth = 256;    // of the timestep sinusoid
constexpr std::int64_t kTimeHiddenWidth = 1024;  // of the timestep MLP
constexpr double kFinalNormEps = 1e-6;

std::vector<Block> load_blocks(const std::string& name, std::int64_t count, bool modulated,
                               const checkpoint::TransformerConfig& config, const PartLoader& loader) {
  std::vector<Block> blocks;
  for (std::int64_t i = 0; i < count; ++i) {
    blocks.emplace_back(name + "." + std::to_string(i) + ".", modulated, config, loader);
  }
  return blocks;
}

Modulation of_step(const at::Tensor& modulations, std::size_t step) {
  const at::Tensor row = modulations.select(0, static_cast<std::int64_t>(step));  // [4, dim]
  return {row.select(0, 0), row.select(0, 1), row.select(0, 2), row.select(0, 3)};
}

// [channels, height, width] to [tokens, patch * patch * channels], channels fastest: section 3.2.
at::Tensor patchify(const at::Tensor& latents) {
  const std::int64_t channels = latents.size(0);
  const std::int64_t rows = latents.size(1) / kPatch;
  const std::int64_t columns = latents.size(2) / kPatch;
  return latents.view({channels, rows, kPatch, columns, kPatch})
      .permute({1, 3, 2, 4, 0})
      .reshape({rows * columns, kPatch * kPatch * channels});
}

at::Tensor unpatchify(const at::Tensor& tokens, std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return tokens.view({rows, columns, kPatch, kPatch, channels})
      .permute({4, 0, 2, 1, 3})
      .reshape({channels, rows * kPatch, columns * kPatch});
}

}  // namespace

Denoiser::Denoiser(const checkpoint::TransformerConfig& config, const PartLoader& loader)
    : config_(config), placement_(loader.placement()) {
  const std::int64_t dim = config.dim;
  const std::int64_t patch = kPatch * kPatch * config.in_channels;
  const std::int64_t width = config.modulation_dim();
  x_weight_ = loader.load("all_x_embedder.2-1.weight", {dim, patch});
  x_bias_ = loader.load("all_x_embedder.2-1.bias", {dim});
  x_pad_ = loader.load("x_pad_token", {1, dim});
  caption_norm_ = loader.load_as_float("cap_embedder.0.weight", {config.cap_feat_dim});
  caption_weight_ = loader.load("cap_embedder.1.weight", {dim, config.cap_feat_dim});
  caption_bias_ = loader.load("cap_embedder.1.bias", {dim});
  caption_pad_ = loader.load("cap_pad_token", {1, dim});
  time_weight1_ = loader.load("t_embedder.mlp.0.weight", {kTimeHiddenWidth, kFrequencyWidth});
  time_bias1_ = loader.load("t_embedder.mlp.0.bias", {kTimeHiddenWidth});
  time_weight2_ = loader.load("t_embedder.mlp.2.weight", {width, kTimeHiddenWidth});
  time_bias2_ = loader.load("t_embedder.mlp.2.bias", {width});
  final_modulation_weight_ = loader.load("all_final_layer.2-1.adaLN_modulation.1.weight", {dim, width});
  final_modulation_bias_ = loader.load("all_final_layer.2-1.adaLN_modulation.1.bias", {dim});
  final_weight_ = loader.load("all_final_layer.2-1.linear.weight", {patch, dim});
  final_bias_ = loader.load("all_final_layer.2-1.linear.bias", {patch});
  noise_refiner_ = load_blocks("noise_refiner", config.n_refiner_layers, true, config, loader);
  context_refiner_ = load_blocks("context_refiner", config.n_refiner_layers, false, config, loader);
  layers_ = load_blocks("layers", config.n_layers, true, config, loader);
}

at::Tensor Denoiser::with_padding(const at::Tensor& rows, const at::Tensor& pad_token) const {
  const std::int64_t missing = padded_tokens(rows.size(0)) - rows.size(0);
  if (missing == 0) return rows;
  return at::cat({rows, pad_token.expand({missing, rows.size(1)})}, 0);
}

at::Tensor Denoiser::embed_image(const at::Tensor& latents) const {
  const at::Tensor patches = patchify(latents.to(placement_.dtype));
  return with_padding(at::linear(patches, x_weight_, x_bias_), x_pad_);
}

at::Tensor Denoiser::embed_caption(const at::Tensor& features) const {
  // Qwen3's rows hold numbers beyond float16's range: between types the norm is taken in float32, then rounded.
  const bool is_mixed = features.scalar_type() != placement_.dtype;
  const at::Tensor rows = is_mixed ? features.to(at::kFloat) : features;
  const at::Tensor normed = kernels::rms_norm(rows, caption_norm_, {}, config_.norm_eps).to(placement_.dtype);
  return with_padding(at::linear(normed, caption_weight_, caption_bias_), caption_pad_);
}

at::Tensor Denoiser::embed_times(const std::vector<float>& times) const {
  const std::int64_t half = kFrequencyWidth / 2;
  const at::Tensor scaled = at::tensor(times, at::TensorOptions().dtype(at::kFloat)) * config_.t_scale;
  const at::Tensor index = at::arange(0, half, at::TensorOptions().dtype(at::kFloat));
  const at::Tensor frequency = at::exp(index * -std::log(10000.0) / static_cast<double>(half));
  const at::Tensor angle = scaled.unsqueeze(1) * frequency.unsqueeze(0);              // [steps, half]
  const at::Tensor sinusoid = at::cat({angle.cos(), angle.sin()}, -1);                // cosines first
  const at::Tensor input = sinusoid.to(placement_.device, placement_.dtype);          // [steps, 256]
  const at::Tensor hidden = at::silu(at::linear(input, time_weight1_, time_bias1_));  // [steps, 1024]
  return at::linear(hidden, time_weight2_, time_bias2_);
}

Denoiser::Caption Denoiser::prepare_caption(const at::Tensor& features, std::int64_t rows, std::int64_t columns,
                                            const CheckCancelled& check_cancelled) const {
  Caption caption;
  caption.rows = embed_caption(features);
  caption.rope = rope_table(config_, rows, columns, caption.rows.size(0), placement_);
  const at::Tensor own_rope = caption.rope.slice(0, padded_tokens(rows * columns));
  for (const Block& block : context_refiner_) {
    check_cancelled();
    block.run(caption.rows, own_rope, {});
  }
  return caption;
}

Denoiser::Steps Denoiser::prepare_steps(const std::vector<float>& times) const {
  const at::Tensor embeddings = embed_times(times);  // [steps, modulation_dim]
  Steps steps;
  for (const Block& block : noise_refiner_) steps.refiners.push_back(block.modulations(embeddings));
  for (const Block& block : layers_) steps.layers.push_back(block.modulations(embeddings));
  steps.final_scale =
      at::linear(at::silu(embeddings), final_modulation_weight_, final_modulation_bias_).to(at::kFloat) + 1;
  return steps;
}

at::Tensor Denoiser::predict(const at::Tensor& latents, const Caption& caption, const Steps& steps, std::size_t step,
                             const CheckCancelled& check_cancelled) const {
  const std::int64_t rows = latents.size(1) / kPatch;
  const std::int64_t columns = latents.size(2) / kPatch;
  at::Tensor image = embed_image(latents);
  const at::Tensor image_rope = caption.rope.slice(0, 0, image.size(0));
  for (std::size_t i = 0; i < noise_refiner_.size(); ++i) {
    check_cancelled();
    noise_refiner_[i].run(image, image_rope, of_step(steps.refiners[i], step));
  }
  at::Tensor sequence = at::cat({image, caption.rows}, 0);  // image first, as the reference
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    check_cancelled();
    layers_[i].run(sequence, caption.rope, of_step(steps.layers[i], step));
  }
  const at::Tensor scale = steps.final_scale.select(0, static_cast<std::int64_t>(step));
  const at::Tensor output = project(sequence.slice(0, 0, rows * columns), scale);
  return unpatchify(output, config_.in_channels, rows, columns).to(at::kFloat);
}

at::Tensor Denoiser::project(const at::Tensor& rows, const at::Tensor& scale) const {
  return at::linear(kernels::layer_norm(rows, scale, kFinalNormEps), final_weight_, final_bias_);
}

}  // namespace zimg::engine
