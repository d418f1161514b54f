#include "engine/pipeline/model_parts.hpp"

#include <c10/util/Exception.h>

#include "telemetry/stopwatch.hpp"

namespace zimg::engine {

void ModelParts::release_all() {
  text_encoder_.reset();
  denoiser_.reset();
  decoder_.reset();
}

template <class Part, class Config>
const Part& ModelParts::loaded(std::unique_ptr<Part>& slot, checkpoint::Part part, const char* name,
                               const Config& config, PrecisionChoice precision) {
  if (slot) return *slot;
  const telemetry::Stopwatch watch(load_ms_);
  const auto weights = model_.open_weights(part);
  const PartLoader loader(weights, plan_.placement(precision));
  const std::uint64_t needed = bytes_to_load(*weights, loader.placement());
  if (!fits(needed, available_())) release_all();
  require_memory(name, needed, available_());
  try {
    slot = std::make_unique<Part>(config, loader);
  } catch (const c10::OutOfMemoryError&) {
    release_all();  // on a GPU only loading tells whether the parts fit together
    slot = std::make_unique<Part>(config, loader);
  }
  return *slot;
}

const TextEncoder& ModelParts::text_encoder() {
  return loaded(text_encoder_, checkpoint::Part::kTextEncoder, "text encoder", model_.config().text_encoder,
                plan_.text_encoder);
}

const Denoiser& ModelParts::denoiser() {
  return loaded(denoiser_, checkpoint::Part::kTransformer, "transformer", model_.config().transformer, plan_.denoiser);
}

const Decoder& ModelParts::decoder() {
  return loaded(decoder_, checkpoint::Part::kVae, "VAE", model_.config().vae, plan_.vae);
}

double ModelParts::take_load_ms() {
  const double taken = load_ms_;
  load_ms_ = 0;
  return taken;
}

}  // namespace zimg::engine
