// ModelParts keeps the loaded parts of one model: all of them where they fit together, one at a time where they do not.
//
// One thread at a time: the pipeline's queue sees to that.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/memory_use.hpp"
#include "checkpoint/model_folder.hpp"
#include "engine/denoiser/denoiser.hpp"
#include "engine/pipeline/compute_plan.hpp"
#include "engine/pipeline/gpu_sharing.hpp"
#include "engine/pipeline/memory_check.hpp"
#include "engine/text_encoder/text_encoder.hpp"
#include "engine/vae/decoder.hpp"
#include "zimg/pipeline.hpp"

namespace zimg::engine {

class ModelParts {
 public:
  // `available` tells how much memory there is when a part is about to be loaded: 0 where that is not known.
  ModelParts(
      checkpoint::ModelFolder model, ComputePlan plan,
      std::function<std::uint64_t()> available = [] { return base::available_memory(); })
      : model_(std::move(model)), plan_(std::move(plan)), available_(std::move(available)) {
    if (is_on_gpu()) add_gpu_user(*this);
  }
  ~ModelParts() { remove_gpu_user(*this); }
  ModelParts(const ModelParts&) = delete;
  ModelParts& operator=(const ModelParts&) = delete;

  // Each loads its part if it is not there, letting others go where memory asks for it. The reference is good until the
  // next of these calls. Errors: kBadModel, kIo, kOutOfMemory (also where libtorch has no room for the part alone),
  // those of `check_cancelled`, which loading asks.
  const TextEncoder& text_encoder(const CheckCancelled& check_cancelled = {});
  const Denoiser& denoiser(const CheckCancelled& check_cancelled = {});
  const Decoder& decoder(const CheckCancelled& check_cancelled = {});

  // Loads nothing. Errors: kOutOfMemory where one of the parts is larger than all of the GPU's memory, kBadModel, kIo.
  void require_device_memory() const;

  // Lets go of all parts but the decoder where a picture could not be decoded beside them. On the CPU only: a GPU tells
  // by itself. Errors: kOutOfMemory where it could not be decoded even so.
  void make_room_to_decode(const DrawingOrder& order);

  const checkpoint::ModelFolder& model() const { return model_; }
  const ComputePlan& plan() const { return plan_; }

  bool is_on_gpu() const { return plan_.device == DeviceChoice::kCuda; }
  bool holds_parts() const { return text_encoder_ || denoiser_ || decoder_; }
  bool holds_denoiser() const { return denoiser_ != nullptr; }
  // Lets every part go, until it is asked for again.
  void drop_parts();
  // The same of all models on the GPU, where this one is, and gives their memory back. REQUIRES there: turn_on_gpu().
  void release_all();

  // Seconds that loading took since the last call, in milliseconds.
  double take_load_ms();

 private:
  template <class Part, class Config>
  const Part& loaded(std::unique_ptr<Part>& slot, checkpoint::Part part, const char* name, const Config& config,
                     PrecisionChoice precision, const CheckCancelled& check_cancelled);

  checkpoint::ModelFolder model_;
  ComputePlan plan_;
  std::function<std::uint64_t()> available_;
  std::unique_ptr<TextEncoder> text_encoder_;
  std::unique_ptr<Denoiser> denoiser_;
  std::unique_ptr<Decoder> decoder_;
  double load_ms_ = 0;
};

}  // namespace zimg::engine
