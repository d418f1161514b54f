#include "app/drawing_options.hpp"

#include <CLI/CLI.hpp>

#include "app/choice.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/request_fields.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

void add_request_options(CLI::App& command, DrawingOptions& options) {
  const char* const group = "What is drawn";
  command.add_option("--negative", options.negative_prompt, "What to steer away from; needs --guidance above 0")
      ->group(group);
  command.add_option("--size", options.size, "Width and height in pixels, WxH; the model's own if absent")
      ->group(group);
  command.add_option("--steps", options.steps, "Denoising steps, 1 to 1000; the model's own if absent")->group(group);
  command.add_option("--guidance", options.guidance, "0 is off (Turbo); the usual \"CFG scale\" less 1")->group(group);
  command
      .add_option("--guidance-normalization", options.guidance_normalization,
                  "Limits how much guidance may add; 0 is off")
      ->group(group);
  command
      .add_option("--guidance-truncation", options.guidance_truncation,
                  "Guidance stops where model time exceeds this; 1 is never")
      ->group(group);
  command.add_option("--schedule", options.schedule, "linear, legacy-zero-end or native")
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", options.seed, "A number, or random for a fresh picture each time")
      ->capture_default_str()
      ->group(group);
  command.add_option("--match", options.match, "How much of a prompt's spelling is folded away: exact or normalized")
      ->capture_default_str()
      ->group(group);
  command.add_option("--namespace", options.name_space, "Pictures of two namespaces are never shared")
      ->capture_default_str()
      ->group(group);
  command.add_flag("--vae-tiling", options.vae_tiling, "Decode in overlapping tiles: less memory, other pixels")
      ->group(group);
}

void add_model_options(CLI::App& command, DrawingOptions& options) {
  const char* const group = "The model and the machine";
  command.add_option("--model", options.model, "A folder with a Z-Image model; the built-in model if absent")
      ->envname("ZIMG_MODEL")
      ->group(group);
  command.add_option("--dtype", options.dtype, "auto, fp32, bf16 or fp16")->capture_default_str()->group(group);
  command.add_option("--device", options.device, "auto, cpu or cuda")
      ->capture_default_str()
      ->envname("ZIMG_DEVICE")
      ->group(group);
  command.add_option("--threads", options.threads, "CPU threads; 0 is one per core")
      ->capture_default_str()
      ->group(group);
  command.add_option("--fingerprint", options.fingerprint, "portable, or strict: bit equality, but fewer hits")
      ->capture_default_str()
      ->group(group);
}

}  // namespace

void DrawingOptions::add_to(CLI::App& command) {
  add_request_options(command, *this);
  add_model_options(command, *this);
}

Request DrawingOptions::request(const std::string& prompt) const {
  Request request;
  request.prompt = prompt;
  request.negative_prompt = negative_prompt;
  if (!size.empty()) set_size(request, "--size", size);
  request.steps = steps;
  request.guidance = guidance;
  request.guidance_normalization = guidance_normalization;
  request.guidance_truncation = guidance_truncation;
  request.schedule = app::schedule("--schedule", schedule);
  set_seed(request, "--seed", seed);
  request.match = match_level("--match", match);
  request.name_space = name_space;
  request.vae_tiling = vae_tiling;
  request.cancel = interrupt_token();
  return request;
}

GeneratorOptions DrawingOptions::generator_options() const {
  GeneratorOptions options;
  options.model = model;
  options.device =
      choose<Device>("--device", device, {{"auto", Device::kAuto}, {"cpu", Device::kCpu}, {"cuda", Device::kCuda}});
  options.precision = choose<Precision>(
      "--dtype", dtype,
      {{"auto", Precision::kAuto}, {"fp32", Precision::kFp32}, {"bf16", Precision::kBf16}, {"fp16", Precision::kFp16}});
  options.threads = threads;
  options.fingerprint = choose<Fingerprint>("--fingerprint", fingerprint,
                                            {{"portable", Fingerprint::kPortable}, {"strict", Fingerprint::kStrict}});
  return options;
}

void CacheOptions::add_to(CLI::App& command) {
  const char* const group = "The cache";
  command
      .add_option("--cache", url,
                  "lmdb:PATH?size=10GiB, memory: or none:; a store in $XDG_CACHE_HOME/zimg/pictures if absent")
      ->envname("ZIMG_CACHE")
      ->group(group);
  command.add_flag("--no-cache", is_off, "Neither read nor write a cache")->group(group);
}

std::shared_ptr<ICache> CacheOptions::open_or_warn() const {
  if (is_off) return nullptr;
  try {
    return open_cache(url);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInvalidArgument && !url.empty()) throw;
    warn(std::string(error.what()) + "; drawing without a cache");
    return nullptr;
  }
}

}  // namespace zimg::app
