#include "engine/pipeline/torch_pipeline.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>

#include "engine/pipeline/cuda_runtime.hpp"
#include "engine/pipeline/host_settings.hpp"
#include "engine/pipeline/preview.hpp"
#include "engine/pipeline/sample.hpp"
#include "telemetry/stopwatch.hpp"

namespace zimg::engine {
namespace {

constexpr std::size_t kMaxTokens = 512;

// A small model's layers are over before a second thread has woken up: below this much work a step, one is faster.
unsigned useful_threads(const checkpoint::ModelConfig& config, const DrawingOrder& order, unsigned threads) {
  constexpr double kFewestOperations = 2e9;
  const checkpoint::TransformerConfig& denoiser = config.transformer;
  const double step = config.size_step();
  const double tokens = (order.width / step) * (order.height / step);
  const double width = static_cast<double>(denoiser.dim);
  const double block = 2 * (4 * width * width + 3 * width * static_cast<double>(denoiser.ffn_dim()));  // per token
  const double operations = static_cast<double>(denoiser.n_layers + denoiser.n_refiner_layers) * block * tokens;
  return operations < kFewestOperations ? 1 : threads;
}

CheckCancelled check_of(IDrawingObserver& observer) {
  return [&observer] {
    if (observer.is_cancelled()) throw Error(ErrorCode::kCancelled, "the drawing was cancelled");
  };
}

void require_finite(const at::Tensor& latents) {
  if (latents.isfinite().all().item<bool>()) return;
  throw Error(ErrorCode::kDevice, "the denoiser produced latents that are not finite numbers; no picture was made");
}

void show(const at::Tensor& picture, Progress& progress) {
  const auto* data = picture.const_data_ptr<std::uint8_t>();
  progress.preview.assign(data, data + picture.numel());
  progress.preview_height = static_cast<std::uint32_t>(picture.size(0));
  progress.preview_width = static_cast<std::uint32_t>(picture.size(1));
}

// Does a stage, and once more without the parts of others where a GPU has no room for its images beside them: only the
// work itself tells.
template <class Stage>
auto with_room(ModelParts& parts, Stage&& stage) {
  const at::Device device = parts.plan().placement(parts.plan().denoiser).device;
  const auto whole_stage = [&] {
    auto result = stage();
    wait_for(device);  // what a GPU has yet to do, and may fail in, belongs to this stage
    return result;
  };
  try {
    return whole_stage();
  } catch (const c10::Error& e) {
    if (!may_mean_out_of_memory(e)) throw;
  }
  parts.release_all();
  try {
    return whole_stage();
  } catch (const c10::Error& e) {
    if (!device.is_cuda() || !means_out_of_memory(e)) throw;
    throw Error(ErrorCode::kOutOfMemory,
                "the GPU has no room for this picture beside the part that makes it (" + first_line_of(e) +
                    "); a smaller size, `--vae-tiling` (vae_tiling) or `--device cpu` takes less of it");
  }
}

}  // namespace

TorchPipeline::TorchPipeline(const std::string& model_path, ComputePlan plan)
    : parts_(checkpoint::ModelFolder::open(model_path), std::move(plan)),
      tokenizer_(tokenizer::Tokenizer::open(parts_.model().tokenizer_path())) {
  const auto vocabulary = static_cast<tokenizer::TokenId>(parts_.model().config().text_encoder.vocab_size);
  if (tokenizer_.id_end() > vocabulary) {
    throw Error(ErrorCode::kBadModel, "the tokenizer in '" + parts_.model().tokenizer_path() + "' has ids up to " +
                                          std::to_string(tokenizer_.id_end() - 1) + ", but the text encoder has only " +
                                          std::to_string(vocabulary) + " rows");
  }
  parts_.require_device_memory();
}

void TorchPipeline::check_order(const DrawingOrder& order) const {
  const std::uint32_t step = parts_.model().config().size_step();
  if (order.width == 0 || order.height == 0 || order.width % step != 0 || order.height % step != 0) {
    throw Error(ErrorCode::kInvalidArgument, "the size " + std::to_string(order.width) + "x" +
                                                 std::to_string(order.height) + " is not a multiple of " +
                                                 std::to_string(step) + " pixels");
  }
  if (order.sigmas.empty()) throw Error(ErrorCode::kInvalidArgument, "the list of sigmas is empty");
}

std::unique_lock<std::timed_mutex> TorchPipeline::wait_for_device(const CheckCancelled& check) {
  std::unique_lock lock(parts_.is_on_gpu() ? turn_on_gpu() : turn_on_cpu_, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(20))) check();  // a drawing that waits can be cancelled too
  return lock;
}

TextRows TorchPipeline::encode(const DrawingOrder& order, const CheckCancelled& check) {
  const auto rows = [&](const std::string& prompt) {
    return parts_.text_encoder(check).encode(tokenizer_.encode_prompt(prompt, kMaxTokens), check);
  };
  TextRows text{rows(order.prompt), {}};
  if (order.guidance > 0) text.negative = rows(order.negative_prompt);
  return text;
}

at::Tensor TorchPipeline::preview_if_room(const at::Tensor& latents, const at::Tensor& velocity, float sigma,
                                          const CheckCancelled& check) {
  try {
    return preview(latents, velocity, sigma, parts_.decoder(check), check);
  } catch (const c10::Error& e) {
    if (!may_mean_out_of_memory(e)) throw;
    return {};
  }
}

OnStep TorchPipeline::reporter(const DrawingOrder& order, IDrawingObserver& observer, const CheckCancelled& check) {
  return [&, has_room = true, has_begun = false](std::size_t step, const at::Tensor& latents,
                                                 const at::Tensor& velocity) mutable {
    if (step == 0 && has_begun) has_room = false;  // the stage had no room, perhaps for want of what previews take
    has_begun = true;
    const std::size_t steps = order.sigmas.size();
    Progress progress;
    progress.step = static_cast<std::uint32_t>(step + 1);
    progress.steps = static_cast<std::uint32_t>(steps);
    if (has_room && observer.wants_preview() && step + 1 < steps) {
      const at::Tensor picture = preview_if_room(latents, velocity, order.sigmas[step + 1], check);
      if (picture.defined()) show(picture, progress);
      has_room = picture.defined() && parts_.holds_denoiser();  // else every step would load it anew
    }
    observer.on_progress(progress);
  };
}

Picture TorchPipeline::draw(const DrawingOrder& order, IDrawingObserver& observer) {
  check_order(order);
  const CheckCancelled check = check_of(observer);
  Picture picture;
  std::unique_lock<std::timed_mutex> lock;
  {
    const telemetry::Stopwatch watch(picture.wait_ms);
    lock = wait_for_device(check);
  }
  const c10::InferenceMode no_gradients;
  const OwnSettings settings;
  const OwnThread thread(useful_threads(parts_.model().config(), order, parts_.plan().threads));
  parts_.make_room_to_decode(order);  // asked first, so that no steps are made in vain
  parts_.take_load_ms();
  observer.on_progress({0, static_cast<std::uint32_t>(order.sigmas.size()), {}, 0, 0});

  const auto timed = [&](double& stage_ms, auto&& stage) {  // loading is told apart from the stage that asked for it
    const auto start = std::chrono::steady_clock::now();
    auto result = with_room(parts_, stage);
    const double load_ms = parts_.take_load_ms();
    picture.load_ms += load_ms;
    stage_ms = std::max(0.0, telemetry::milliseconds_since(start) - load_ms);
    return result;
  };
  const TextRows text = timed(picture.encode_text_ms, [&] { return encode(order, check); });
  const OnStep on_step = reporter(order, observer, check);
  const at::Tensor latents = timed(picture.denoise_ms, [&] {
    const at::Tensor drawn = sample(parts_, order, text, on_step, check);
    require_finite(drawn);
    return drawn;
  });
  const at::Tensor pixels = timed(picture.decode_ms, [&] {
    parts_.make_room_to_decode(order);
    return parts_.decoder(check).decode(latents, order.vae_tiling, check);
  });
  picture.height = static_cast<std::uint32_t>(pixels.size(0));
  picture.width = static_cast<std::uint32_t>(pixels.size(1));
  const auto* data = pixels.const_data_ptr<std::uint8_t>();
  picture.rgb.assign(data, data + pixels.numel());
  return picture;
}

}  // namespace zimg::engine
