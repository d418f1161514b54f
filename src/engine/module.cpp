// The C table of engine_abi.h over TorchPipeline. The only place where exceptions meet the boundary.
#include <ATen/Context.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <cstring>
#include <memory>
#include <string_view>

#include "base/sha256.hpp"
#include "engine/engine_abi.h"
#include "engine/pipeline/cuda_runtime.hpp"
#include "engine/pipeline/host_settings.hpp"
#include "engine/pipeline/torch_pipeline.hpp"
#include "zimg/version.hpp"

struct zimg_engine {
  zimg::engine::TorchPipeline pipeline;
};

namespace zimg::engine {
namespace {

// Raised when a change of zimg moves pixels beyond what a number of threads or a release of libtorch moves them.
constexpr std::uint32_t kNumericsVersion = 3;

// Needs no memory: what fails may have failed for want of it.
int fail(zimg_engine_error* error, ErrorCode code, std::string_view sentence) noexcept {
  if (error != nullptr) {
    const std::size_t length = std::min(sentence.size(), sizeof(error->message) - 1);
    std::memcpy(error->message, sentence.data(), length);
    error->message[length] = '\0';
  }
  return static_cast<int>(code);
}

int fail_by_torch(zimg_engine_error* error, const c10::Error& e) noexcept {
  try {
    const std::string line = first_line_of(e);
    if (means_out_of_memory(e)) {
      return fail(error, ErrorCode::kOutOfMemory, "the device is out of memory: " + line);
    }
    const bool host_memory = line.find("can't allocate memory") != std::string::npos;
    return fail(error, host_memory ? ErrorCode::kOutOfMemory : ErrorCode::kDevice, "libtorch failed: " + line);
  } catch (...) {
    return fail(error, ErrorCode::kOutOfMemory, "out of memory, while libtorch's error was put into a sentence");
  }
}

// The library never prints, and libtorch warns on stderr.
class Silence final : public c10::WarningHandler {
 public:
  void process(const c10::Warning&) override {}
};

template <class Body>
int guarded(zimg_engine_error* error, Body&& body) noexcept {
  try {
    Silence silence;
    const c10::WarningUtils::WarningHandlerGuard guard(&silence);
    body();
    return 0;
  } catch (const Error& e) {
    return fail(error, e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return fail(error, ErrorCode::kOutOfMemory, "out of memory");
  } catch (const c10::Error& e) {
    return fail_by_torch(error, e);
  } catch (const std::exception& e) {
    const std::string_view text = e.what();
    return fail(error, ErrorCode::kInternal, text.substr(0, text.find('\n')));
  } catch (...) {
    return fail(error, ErrorCode::kInternal, "unknown exception");
  }
}

// libtorch's release, and eight hexadecimal digits of how the one that is loaded and this module were built: above
// other libraries, for another device or by another compiler they sum in another order.
std::string torch_identity() {
  const std::string builds = at::show_config() + ZIMG_COMPILED_WITH;
  return TORCH_VERSION " " + base::hex_of(base::sha256(builds.data(), builds.size())).substr(0, 8);
}

template <std::size_t size>
void copy_text(const std::string& text, char (&into)[size]) {
  const std::size_t length = std::min(text.size(), size - 1);
  std::memcpy(into, text.data(), length);
  into[length] = '\0';
}

// A caller whose struct is shorter than ours would have us reach past its end.
template <class Struct>
void check_size(const Struct& given, const char* name) {
  if (given.struct_size >= sizeof(Struct)) return;
  throw Error(ErrorCode::kInvalidArgument, std::string(name) + " has struct_size " + std::to_string(given.struct_size) +
                                               "; at least " + std::to_string(sizeof(Struct)) + " is expected");
}

// Calls back through the C observer.
class CallbackObserver final : public IDrawingObserver {
 public:
  explicit CallbackObserver(const zimg_engine_observer& observer) : observer_(observer) {}

  bool wants_preview() const override { return observer_.wants_preview != 0; }
  bool is_cancelled() const override { return observer_.is_cancelled(observer_.user_data) != 0; }
  void on_progress(const Progress& progress) override {
    observer_.on_progress(observer_.user_data, progress.step, progress.steps,
                          progress.preview.empty() ? nullptr : progress.preview.data(), progress.preview_width,
                          progress.preview_height);
  }

 private:
  const zimg_engine_observer& observer_;
};

DrawingOrder to_order(const zimg_engine_order& order) {
  DrawingOrder result;
  result.prompt.assign(order.prompt, order.prompt_size);
  result.negative_prompt.assign(order.negative_prompt, order.negative_prompt_size);
  result.width = order.width;
  result.height = order.height;
  result.sigmas.assign(order.sigmas, order.sigmas + order.sigma_count);
  result.guidance = order.guidance;
  result.guidance_normalization = order.guidance_normalization;
  result.guidance_truncation = order.guidance_truncation;
  result.seed = order.seed;
  result.vae_tiling = order.vae_tiling != 0;
  return result;
}

ComputePlan plan_of(const zimg_engine_options& options) {
  check_size(options, "zimg_engine_options");
  const OwnSettings settings;  // what the CPU's products can do is found out here, once in a process
  return engine::resolve(options.device, options.precision, options.threads);
}

int resolve_table(const zimg_engine_options* options, zimg_engine_resolution* resolution, zimg_engine_error* error) {
  return guarded(error, [&] {
    check_size(*resolution, "zimg_engine_resolution");
    const ComputePlan plan = plan_of(*options);
    resolution->device = static_cast<std::uint32_t>(plan.device);
    resolution->text_precision = static_cast<std::uint32_t>(plan.text_encoder);
    resolution->denoiser_precision = static_cast<std::uint32_t>(plan.denoiser);
    resolution->vae_precision = static_cast<std::uint32_t>(plan.vae);
    resolution->threads = plan.threads;
    copy_text(plan.device_name, resolution->device_name);
    copy_text(torch_identity(), resolution->torch_version);
  });
}

int open_table(const zimg_engine_options* options, zimg_engine** engine, zimg_engine_error* error) {
  return guarded(error, [&] {
    ComputePlan plan = plan_of(*options);
    if (options->model_path == nullptr)
      throw Error(ErrorCode::kInvalidArgument, "model_path is null; a path is expected");
    *engine = new zimg_engine{TorchPipeline(options->model_path, std::move(plan))};
  });
}

int draw_table(zimg_engine* engine, const zimg_engine_order* order, const zimg_engine_observer* observer,
               zimg_engine_picture* picture, zimg_engine_error* error) {
  return guarded(error, [&] {
    check_size(*order, "zimg_engine_order");
    check_size(*observer, "zimg_engine_observer");
    check_size(*picture, "zimg_engine_picture");
    CallbackObserver callbacks(*observer);
    const Picture drawn = engine->pipeline.draw(to_order(*order), callbacks);
    auto rgb = std::make_unique<std::uint8_t[]>(drawn.rgb.size());
    std::copy(drawn.rgb.begin(), drawn.rgb.end(), rgb.get());
    picture->width = drawn.width;
    picture->height = drawn.height;
    picture->wait_ms = drawn.wait_ms;
    picture->load_ms = drawn.load_ms;
    picture->encode_text_ms = drawn.encode_text_ms;
    picture->denoise_ms = drawn.denoise_ms;
    picture->decode_ms = drawn.decode_ms;
    picture->rgb = rgb.release();
  });
}

void release_picture_table(zimg_engine_picture* picture) {
  delete[] picture->rgb;
  picture->rgb = nullptr;
}

// Set when the process ends, before libtorch's own objects go: this module's are younger. A host may close a generator
// later still, and what an engine holds on a GPU can no longer be freed then; it goes with the process.
bool g_is_ending = false;

struct Ending {
  ~Ending() { g_is_ending = true; }
} g_ending;

void close_table(zimg_engine* engine) {
  if (!g_is_ending) delete engine;
}

}  // namespace
}  // namespace zimg::engine

extern "C" __attribute__((visibility("default"))) const zimg_engine_table_v1* zimg_engine_table(void) {
  using namespace zimg::engine;
  static const zimg_engine_table_v1 table{
      sizeof(zimg_engine_table_v1),
      ZIMG_ENGINE_ABI,
      zimg::version(),
      kNumericsVersion,
      resolve_table,
      open_table,
      draw_table,
      release_picture_table,
      close_table,
  };
  return &table;
}
