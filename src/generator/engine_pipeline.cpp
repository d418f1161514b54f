#include "generator/engine_pipeline.hpp"

#include <exception>
#include <utility>

#include "base/scope_exit.hpp"
#include "telemetry/stopwatch.hpp"

namespace zimg::generator {
namespace {

// What the C callbacks reach: no exception may cross them, so the first one waits here.
struct Crossing {
  IDrawingObserver& observer;
  zimg_engine_observer table;
  std::exception_ptr error;
};

int is_cancelled(void* user_data) {
  auto& crossing = *static_cast<Crossing*>(user_data);
  return crossing.error || crossing.observer.is_cancelled() ? 1 : 0;
}

void on_progress(void* user_data, std::uint32_t step, std::uint32_t steps, const std::uint8_t* preview,
                 std::uint32_t preview_width, std::uint32_t preview_height) {
  auto& crossing = *static_cast<Crossing*>(user_data);
  try {
    Progress progress;
    progress.step = step;
    progress.steps = steps;
    if (preview != nullptr) {
      progress.preview.assign(preview, preview + std::size_t{3} * preview_width * preview_height);
      progress.preview_width = preview_width;
      progress.preview_height = preview_height;
    }
    crossing.observer.on_progress(progress);
    crossing.table.wants_preview = crossing.observer.wants_preview() ? 1 : 0;  // who joins later may want one
  } catch (...) {
    crossing.error = std::current_exception();
  }
}

zimg_engine_order to_c(const DrawingOrder& order) {
  zimg_engine_order result{};
  result.struct_size = sizeof(result);
  result.width = order.width;
  result.height = order.height;
  result.seed = order.seed;
  result.vae_tiling = order.vae_tiling ? 1 : 0;
  result.guidance = order.guidance;
  result.guidance_normalization = order.guidance_normalization;
  result.guidance_truncation = order.guidance_truncation;
  result.sigmas = order.sigmas.data();
  result.sigma_count = order.sigmas.size();
  result.prompt = order.prompt.data();
  result.prompt_size = order.prompt.size();
  result.negative_prompt = order.negative_prompt.data();
  result.negative_prompt_size = order.negative_prompt.size();
  return result;
}

}  // namespace

EnginePipeline::EnginePipeline(EngineLocation location, std::string model_path, Device device, Precision precision,
                               unsigned threads, OnOpened on_opened)
    : location_(std::move(location)),
      model_path_(std::move(model_path)),
      device_(device),
      precision_(precision),
      threads_(threads),
      on_opened_(std::move(on_opened)) {}

EnginePipeline::~EnginePipeline() {
  if (table_ != nullptr) table_->close(engine_);
}

zimg_engine& EnginePipeline::engine() {
  const std::lock_guard lock(mutex_);
  if (engine_ == nullptr) untold_ = open();
  if (untold_ && on_opened_) on_opened_(*untold_);  // again where it threw: keys are to say what draws
  untold_.reset();
  return *engine_;
}

EngineProfile EnginePipeline::open() {
  table_ = &open_engine(location_);
  const EngineProfile profile = fresh_profile(location_, device_, precision_, threads_);
  zimg_engine_options options{};
  options.struct_size = sizeof(options);
  options.device = static_cast<std::uint32_t>(profile.device);
  options.precision = static_cast<std::uint32_t>(profile.denoiser_precision);  // the others follow from it
  options.threads = threads_;
  options.model_path = model_path_.c_str();
  zimg_engine_error error{};
  error.struct_size = sizeof(error);
  if (const int code = table_->open(&options, &engine_, &error); code != 0) throw_engine_error(code, error);
  return profile;
}

Picture EnginePipeline::draw(const DrawingOrder& order, IDrawingObserver& observer) {
  double open_ms = 0;
  zimg_engine* engine = nullptr;
  {
    const telemetry::Stopwatch watch(open_ms);
    engine = &this->engine();
  }
  const zimg_engine_order c_order = to_c(order);
  Crossing crossing{observer, {}, nullptr};
  zimg_engine_observer& c_observer = crossing.table;
  c_observer.struct_size = sizeof(c_observer);
  c_observer.wants_preview = observer.wants_preview() ? 1 : 0;
  c_observer.user_data = &crossing;
  c_observer.is_cancelled = is_cancelled;
  c_observer.on_progress = on_progress;
  zimg_engine_picture drawn{};
  drawn.struct_size = sizeof(drawn);
  zimg_engine_error error{};
  error.struct_size = sizeof(error);
  const int code = table_->draw(engine, &c_order, &c_observer, &drawn, &error);
  const base::ScopeExit release([&] { table_->release_picture(&drawn); });
  if (crossing.error) std::rethrow_exception(crossing.error);
  if (code != 0) throw_engine_error(code, error);
  Picture picture;
  picture.width = drawn.width;
  picture.height = drawn.height;
  picture.rgb.assign(drawn.rgb, drawn.rgb + std::size_t{3} * drawn.width * drawn.height);
  picture.wait_ms = drawn.wait_ms;
  picture.load_ms = drawn.load_ms + open_ms;
  picture.encode_text_ms = drawn.encode_text_ms;
  picture.denoise_ms = drawn.denoise_ms;
  picture.decode_ms = drawn.decode_ms;
  return picture;
}

}  // namespace zimg::generator
