// The denoiser: Z-Image's single-stream diffusion transformer. Section 3 of the model reference.
//
// Immutable after construction. What does not depend on the step (refined caption, position tables, modulation vectors
// of every step) is computed once per picture and passed to predict().
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/configs.hpp"
#include "engine/cancellation.hpp"
#include "engine/denoiser/block.hpp"
#include "engine/part_loader.hpp"

namespace zimg::engine {

class Denoiser {
 public:
  // A caption as every step reads it.
  struct Caption {
    at::Tensor rows;  // [padded tokens, dim]
    at::Tensor rope;  // of the whole sequence: image, image padding, caption
  };
  // What every step adds to every block.
  struct Steps {
    std::vector<at::Tensor> refiners;  // per block, float32 [steps, 4, dim]
    std::vector<at::Tensor> layers;
    at::Tensor final_scale;  // float32 [steps, dim]
  };

  Denoiser(const checkpoint::TransformerConfig& config, const PartLoader& loader);

  // `features` is [tokens, cap_feat_dim] as the text encoder gives it; `rows` and `columns` count image tokens.
  Caption prepare_caption(const at::Tensor& features, std::int64_t rows, std::int64_t columns,
                          const CheckCancelled& check_cancelled) const;

  // `times` are model times, (1000 - 1000 sigma) / 1000, one per step.
  Steps prepare_steps(const std::vector<float>& times) const;

  // One call of the transformer: latents [channels, height, width] float32 to the raw output (data less noise) of the
  // same shape, float32. The sampler negates it.
  at::Tensor predict(const at::Tensor& latents, const Caption& caption, const Steps& steps, std::size_t step,
                     const CheckCancelled& check_cancelled) const;

 private:
  at::Tensor embed_image(const at::Tensor& latents) const;        // [padded tokens, dim]
  at::Tensor embed_caption(const at::Tensor& features) const;     // [padded tokens, dim]
  at::Tensor embed_times(const std::vector<float>& times) const;  // [steps, modulation_dim]
  at::Tensor with_padding(const at::Tensor& rows, const at::Tensor& pad_token) const;
  at::Tensor project(const at::Tensor& rows, const at::Tensor& scale) const;

  checkpoint::TransformerConfig config_;
  Placement placement_;
  at::Tensor x_weight_, x_bias_, x_pad_;
  at::Tensor caption_norm_, caption_weight_, caption_bias_, caption_pad_;
  at::Tensor time_weight1_, time_bias1_, time_weight2_, time_bias2_;
  at::Tensor final_modulation_weight_, final_modulation_bias_, final_weight_, final_bias_;
  std::vector<Block> noise_refiner_, context_refiner_, layers_;
};

}  // namespace zimg::engine
