#include "engine/pipeline/model_parts.hpp"

#include "engine/pipeline/cuda_runtime.hpp"
#include "engine/vae/decoding_memory.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

constexpr const char* kTextEncoder = "text encoder";
constexpr const char* kTransformer = "transformer";
constexpr const char* kVae = "VAE";

// Of zimg's own kind, so that a stage is not begun again for it: it would fail alike.
Error no_room_alone(const std::string& part, const c10::Error& reason) {
  return Error(ErrorCode::kOutOfMemory, "the GPU has no room for the " + part + " even alone (" +
                                            first_line_of(reason) + "); `--device cpu` draws without the GPU");
}

}  // namespace

void ModelParts::drop_parts() {
  text_encoder_.reset();
  denoiser_.reset();
  decoder_.reset();
}

void ModelParts::release_all() {
  drop_parts();
  if (is_on_gpu()) release_parts_of_others(*this);
  give_back_memory(plan_.placement(plan_.denoiser).device);
}

void ModelParts::require_device_memory() const {
  if (plan_.device_memory == 0) return;
  const auto require = [&](checkpoint::Part part, const char* name, PrecisionChoice precision) {
    const std::uint64_t needed = bytes_in_all(*model_.open_weights(part), plan_.placement(precision));
    engine::require_device_memory(name, needed, plan_.device_memory);
  };
  require(checkpoint::Part::kTextEncoder, kTextEncoder, plan_.text_encoder);
  require(checkpoint::Part::kTransformer, kTransformer, plan_.denoiser);
  require(checkpoint::Part::kVae, kVae, plan_.vae);
}

void ModelParts::make_room_to_decode(const DrawingOrder& order) {
  const Placement placement = plan_.placement(plan_.vae);
  if (!placement.device.is_cpu()) return;
  const checkpoint::VaeConfig& config = model_.config().vae;
  const LatentSize size{order.height / config.scale(), order.width / config.scale()};
  const std::uint64_t needed = octets_to_decode(config, placement, size, order.vae_tiling);
  if (fits(needed, available_())) return;
  text_encoder_.reset();
  denoiser_.reset();
  const bool may_tile =
      !order.vae_tiling && config.can_tile() && octets_to_decode(config, placement, size, true) < needed;
  require_memory_to_decode(std::to_string(order.width) + "x" + std::to_string(order.height), needed, available_(),
                           may_tile);
}

template <class Part, class Config>
const Part& ModelParts::loaded(std::unique_ptr<Part>& slot, checkpoint::Part part, const char* name,
                               const Config& config, PrecisionChoice precision, const CheckCancelled& check_cancelled) {
  if (slot) return *slot;
  const telemetry::Stopwatch watch(load_ms_);
  const auto weights = model_.open_weights(part);
  const PartLoader loader(weights, plan_.placement(precision), check_cancelled);
  const std::uint64_t needed = bytes_to_load(*weights, loader.placement());
  if (!fits(needed, available_())) release_all();
  require_memory(name, needed, available_());
  while (!slot) {
    try {
      slot = std::make_unique<Part>(config, loader);
      wait_for(loader.placement().device);  // else the stage's time would hold the rest of the copying
    } catch (const c10::Error& e) {
      slot.reset();
      if (!means_out_of_memory(e)) throw;
      const bool is_alone = !is_on_gpu() || !others_hold_parts(*this);
      if (!holds_parts() && is_alone) throw no_room_alone(name, e);
    }
    if (!slot) release_all();  // on a GPU only loading tells whether the parts fit together
  }
  return *slot;
}

const TextEncoder& ModelParts::text_encoder(const CheckCancelled& check_cancelled) {
  return loaded(text_encoder_, checkpoint::Part::kTextEncoder, kTextEncoder, model_.config().text_encoder,
                plan_.text_encoder, check_cancelled);
}

const Denoiser& ModelParts::denoiser(const CheckCancelled& check_cancelled) {
  return loaded(denoiser_, checkpoint::Part::kTransformer, kTransformer, model_.config().transformer, plan_.denoiser,
                check_cancelled);
}

const Decoder& ModelParts::decoder(const CheckCancelled& check_cancelled) {
  return loaded(decoder_, checkpoint::Part::kVae, kVae, model_.config().vae, plan_.vae, check_cancelled);
}

double ModelParts::take_load_ms() {
  const double taken = load_ms_;
  load_ms_ = 0;
  return taken;
}

}  // namespace zimg::engine
