// What the tests of the C API share: owners of its handles, calls that must succeed or fail, and a pipeline written
// against the C header that draws without a model.
#pragma once

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "zimg/zimg.h"

namespace capi_test {

// Owns a handle of the C API.
template <class T, void (*kDestroy)(T*)>
class Owned {
 public:
  Owned() = default;
  explicit Owned(T* handle) : handle_(handle) {}
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    reset(std::exchange(other.handle_, nullptr));
    return *this;
  }
  ~Owned() { kDestroy(handle_); }

  T* get() const { return handle_; }
  T** out() {
    reset();
    return &handle_;
  }
  void reset(T* handle = nullptr) { kDestroy(std::exchange(handle_, handle)); }
  T* release() { return std::exchange(handle_, nullptr); }

 private:
  T* handle_ = nullptr;
};

using Error = Owned<zimg_error, &zimg_error_destroy>;
using Text = Owned<zimg_text, &zimg_text_destroy>;
using SharedOctets = Owned<zimg_bytes, &zimg_bytes_destroy>;
using Token = Owned<zimg_cancel_token, &zimg_cancel_token_destroy>;
using Request = Owned<zimg_request, &zimg_request_destroy>;
using Options = Owned<zimg_options, &zimg_options_destroy>;
using Generator = Owned<zimg_generator, &zimg_generator_destroy>;
using Job = Owned<zimg_job, &zimg_job_destroy>;
using Result = Owned<zimg_result, &zimg_result_destroy>;
using Metrics = Owned<zimg_metrics, &zimg_metrics_destroy>;
using KeyFields = Owned<zimg_key_fields, &zimg_key_fields_destroy>;
using Cache = Owned<zimg_cache, &zimg_cache_destroy>;
using Policy = Owned<zimg_policy, &zimg_policy_destroy>;
using LmdbOptions = Owned<zimg_lmdb_options, &zimg_lmdb_options_destroy>;
using Entry = Owned<zimg_entry, &zimg_entry_destroy>;
using PurgeFilter = Owned<zimg_purge_filter, &zimg_purge_filter_destroy>;
using Stats = Owned<zimg_stats, &zimg_stats_destroy>;
using Tally = Owned<zimg_tally, &zimg_tally_destroy>;
using Prewarm = Owned<zimg_prewarm, &zimg_prewarm_destroy>;
using PrewarmReport = Owned<zimg_prewarm_report, &zimg_prewarm_report_destroy>;
using Picture = Owned<zimg_picture, &zimg_picture_destroy>;
using PictureFacts = Owned<zimg_picture_facts, &zimg_picture_facts_destroy>;
using Inspection = Owned<zimg_inspection, &zimg_inspection_destroy>;
using Tokenizer = Owned<zimg_tokenizer, &zimg_tokenizer_destroy>;

inline std::string message_of(const zimg_error* error) {
  std::size_t size = 0;
  const char* text = zimg_error_message(error, &size);
  return text == nullptr ? "(no error)" : std::string(text, size);
}

// Calls `function` with `arguments` and an error, and fails the test unless it succeeds. From any thread: Boost.Test,
// which is for one at a time, hears of a failure alone.
template <class Function, class... Arguments>
void must(Function function, Arguments... arguments) {
  Error error;
  const zimg_status status = function(arguments..., error.out());
  if (status == ZIMG_STATUS_OK && error.get() == nullptr) return;
  BOOST_REQUIRE_MESSAGE(status == ZIMG_STATUS_OK, zimg_status_name(status) << ": " << message_of(error.get()));
  BOOST_REQUIRE(error.get() == nullptr);
}

// Calls `function` and fails the test unless it fails with `expected`. Returns the sentence.
template <class Function, class... Arguments>
std::string refused(zimg_status expected, Function function, Arguments... arguments) {
  Error error;
  const zimg_status status = function(arguments..., error.out());
  BOOST_CHECK_MESSAGE(status == expected, zimg_status_name(expected) << " is expected, not " << zimg_status_name(status)
                                                                     << ": " << message_of(error.get()));
  BOOST_CHECK(zimg_error_status(error.get()) == expected);
  return message_of(error.get());
}

inline bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What a getter of text gives, without its handle's arguments: text_of(zimg_report_model, report).
template <class Getter, class... Arguments>
std::string text_of(Getter getter, Arguments... arguments) {
  std::size_t size = 0;
  const char* text = getter(arguments..., &size);
  BOOST_REQUIRE(text != nullptr);
  BOOST_CHECK(text[size] == '\0');
  return std::string(text, size);
}

// A pipeline behind the C header. Each picture is made of the order's seed and prompt; what it does on the way can be
// set. Outlives the generators that draw with it.
class Painter {
 public:
  // Called in draw() before anything is painted; may be empty.
  std::function<zimg_status(const zimg_drawing* drawing, zimg_error** out_error)> before;
  std::atomic<int> drawings{0};
  std::atomic<int> releases{0};
  std::uint32_t steps_told = 0;     // progress that is reported
  std::uint32_t wider_by = 0;       // pixels that were not ordered
  bool waits_for_cancel = false;    // draws until it is cancelled
  std::atomic<bool> is_open{true};  // while false, it waits
  std::atomic<int> waiting{0};      // drawings that wait now

  zimg_pipeline_vtable vtable() const {
    return {sizeof(zimg_pipeline_vtable), &Painter::draw_from_c, &Painter::release_from_c};
  }

 private:
  static void release_from_c(void* self) { ++static_cast<Painter*>(self)->releases; }
  static zimg_status draw_from_c(void* self, const zimg_drawing* drawing, zimg_picture* out_picture,
                                 zimg_error** out_error) {
    return static_cast<Painter*>(self)->draw(drawing, out_picture, out_error);
  }

  static std::vector<std::uint8_t> pixels(std::uint32_t width, std::uint32_t height, std::uint32_t seed) {
    std::vector<std::uint8_t> rgb(std::size_t{3} * width * height);
    for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<std::uint8_t>(i * (seed | 1) + i / 251);
    return rgb;
  }

  zimg_status draw(const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error) {
    ++drawings;
    if (before) {
      if (const zimg_status status = before(drawing, out_error); status != ZIMG_STATUS_OK) return status;
    }
    ++waiting;
    while (!is_open || waits_for_cancel) {
      if (zimg_drawing_is_cancelled(drawing) != 0) {
        --waiting;
        return ZIMG_STATUS_CANCELLED;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    --waiting;
    for (std::uint32_t step = 0; step <= steps_told && steps_told != 0; ++step) {
      Picture preview;
      if (zimg_drawing_wants_preview(drawing) != 0) {
        zimg_picture_create(preview.out(), nullptr);
        const auto rgb = pixels(8, 4, step);
        zimg_picture_set_rgb(preview.get(), 8, 4, rgb.data(), rgb.size(), nullptr);
      }
      const zimg_status status = zimg_drawing_report_progress(drawing, step, steps_told, preview.get(), out_error);
      if (status != ZIMG_STATUS_OK) return status;
    }
    const std::uint32_t width = zimg_drawing_width(drawing) + wider_by;
    const std::uint32_t height = zimg_drawing_height(drawing);
    const auto rgb = pixels(width, height, zimg_drawing_seed(drawing));
    zimg_picture_set_stage_ms(out_picture, ZIMG_STAGE_DENOISE, 12.5, nullptr);
    return zimg_picture_set_rgb(out_picture, width, height, rgb.data(), rgb.size(), out_error);
  }
};

// Options of a generator that draws with `painter`.
inline Options options_for(Painter& painter) {
  Options options;
  must(zimg_options_create, options.out());
  const zimg_pipeline_vtable vtable = painter.vtable();
  must(zimg_options_set_pipeline, options.get(), &vtable, static_cast<void*>(&painter), "painter 1", std::size_t{9});
  return options;
}

inline Generator generator_of(const Options& options, const Cache& cache = Cache()) {
  Generator generator;
  must(zimg_generator_create, options.get(), cache.get(), generator.out());
  return generator;
}

inline Cache memory_cache(std::uint64_t bytes = 64 << 20) {
  Cache cache;
  must(zimg_cache_make_memory, bytes, nullptr, cache.out());
  return cache;
}

inline void set_prompt(const Request& request, std::string_view prompt) {
  must(zimg_request_set_prompt, request.get(), prompt.data(), prompt.size());
}

// A small request.
inline Request request_of(std::string_view prompt, std::uint64_t seed = 42) {
  Request request;
  must(zimg_request_create, request.out());
  set_prompt(request, prompt);
  must(zimg_request_set_size, request.get(), 64u, 64u);
  must(zimg_request_set_seed, request.get(), seed);
  return request;
}

inline Result generated(const Generator& generator, const Request& request) {
  Result result;
  must(zimg_generator_generate, generator.get(), request.get(), result.out());
  return result;
}

inline zimg_outcome outcome_of(const Result& result) {
  return zimg_report_outcome(zimg_result_report(result.get()));
}

inline std::vector<std::uint8_t> bytes_of(const Result& result) {
  std::size_t size = 0;
  const std::uint8_t* bytes = zimg_result_bytes(result.get(), &size);
  return {bytes, bytes + size};
}

}  // namespace capi_test
