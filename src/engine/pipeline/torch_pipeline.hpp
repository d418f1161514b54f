// TorchPipeline draws: prompt to text rows to latents to pixels. Source: diffusers pipeline_z_image.py.
//
// Thread-safe: drawings queue, one at a time for a pipeline on the CPU and for the process on its GPU. A stage of a
// drawing for which the device has no memory beside the loaded parts begins again without them, once; progress may then
// count from the start again.
#pragma once

#include <memory>
#include <mutex>

#include "engine/pipeline/model_parts.hpp"
#include "engine/pipeline/sample.hpp"
#include "tokenizer/tokenizer.hpp"
#include "zimg/pipeline.hpp"

namespace zimg::engine {

class TorchPipeline final : public IPipeline {
 public:
  // Checks the model; weights are loaded by the first drawing. Errors: kNotFound, kBadModel, kOutOfMemory (a part that
  // the GPU has no room for even alone).
  TorchPipeline(const std::string& model_path, ComputePlan plan);

  Picture draw(const DrawingOrder& order, IDrawingObserver& observer) override;

 private:
  TextRows encode(const DrawingOrder& order, const CheckCancelled& check);
  // Undefined where the device has no room for one: no drawing is begun again for a preview.
  at::Tensor preview_if_room(const at::Tensor& latents, const at::Tensor& velocity, float sigma,
                             const CheckCancelled& check);
  // What tells the observer of each step, with previews for as long as there is room. The arguments must outlive it.
  OnStep reporter(const DrawingOrder& order, IDrawingObserver& observer, const CheckCancelled& check);
  std::unique_lock<std::timed_mutex> wait_for_device(const CheckCancelled& check);
  void check_order(const DrawingOrder& order) const;

  std::timed_mutex turn_on_cpu_;
  ModelParts parts_;
  tokenizer::Tokenizer tokenizer_;
};

}  // namespace zimg::engine
