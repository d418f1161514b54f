#include "capi/request.hpp"

#include <utility>

#include "capi/callback_scope.hpp"
#include "capi/cancel_token.hpp"
#include "capi/enumeration.hpp"
#include "capi/guard.hpp"
#include "capi/text.hpp"
#include "capi/user_data.hpp"

using zimg::CacheMode;
using zimg::ImageFormat;
using zimg::MatchLevel;
using zimg::Schedule;
using namespace zimg::capi;

static_assert(static_cast<int>(MatchLevel::kExact) == ZIMG_MATCH_LEVEL_EXACT);
static_assert(static_cast<int>(MatchLevel::kNormalized) == ZIMG_MATCH_LEVEL_NORMALIZED);
static_assert(static_cast<int>(MatchLevel::kLoose) == ZIMG_MATCH_LEVEL_LOOSE);
static_assert(static_cast<int>(Schedule::kLinear) == ZIMG_SCHEDULE_LINEAR);
static_assert(static_cast<int>(Schedule::kLegacyZeroEnd) == ZIMG_SCHEDULE_LEGACY_ZERO_END);
static_assert(static_cast<int>(Schedule::kNative) == ZIMG_SCHEDULE_NATIVE);
static_assert(static_cast<int>(CacheMode::kNormal) == ZIMG_CACHE_MODE_NORMAL);
static_assert(static_cast<int>(CacheMode::kBypass) == ZIMG_CACHE_MODE_BYPASS);
static_assert(static_cast<int>(CacheMode::kRefresh) == ZIMG_CACHE_MODE_REFRESH);
static_assert(static_cast<int>(CacheMode::kOnlyIfCached) == ZIMG_CACHE_MODE_ONLY_IF_CACHED);
static_assert(static_cast<int>(CacheMode::kNoStore) == ZIMG_CACHE_MODE_NO_STORE);
static_assert(static_cast<int>(ImageFormat::kPng) == ZIMG_IMAGE_FORMAT_PNG);
static_assert(static_cast<int>(ImageFormat::kJpeg) == ZIMG_IMAGE_FORMAT_JPEG);

namespace zimg::capi {
namespace {

// Sets what `set` sets of the request, which is an argument of that name.
template <class Set>
zimg_status change(zimg_request* request, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(request, "request").value); });
}

}  // namespace

Request asked_of(const void* generator, const zimg_request& request) {
  Request asked = request.value;
  if (asked.on_progress) {
    asked.on_progress = [generator, inner = std::move(asked.on_progress)](const Progress& progress) {
      const CallbackScope scope(generator);
      inner(progress);
    };
  }
  return asked;
}

}  // namespace zimg::capi

zimg_status zimg_request_create(zimg_request** out_request, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_request, "out_request"); });
}

zimg_status zimg_request_clone(const zimg_request* request, zimg_request** out_request, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_request, "out_request", required(request, "request")); });
}

zimg_status zimg_request_set_prompt(zimg_request* request, const char* prompt, size_t size, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.prompt = text_of(prompt, size, "prompt"); });
}

zimg_status zimg_request_set_negative_prompt(zimg_request* request, const char* prompt, size_t size,
                                             zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.negative_prompt = text_of(prompt, size, "prompt"); });
}

zimg_status zimg_request_set_size(zimg_request* request, uint32_t width, uint32_t height, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) {
    value.width = width;
    value.height = height;
  });
}

zimg_status zimg_request_set_steps(zimg_request* request, uint32_t steps, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.steps = steps; });
}

zimg_status zimg_request_set_guidance(zimg_request* request, double guidance, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.guidance = guidance; });
}

zimg_status zimg_request_set_guidance_normalization(zimg_request* request, double normalization,
                                                    zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.guidance_normalization = normalization; });
}

zimg_status zimg_request_set_guidance_truncation(zimg_request* request, double truncation, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.guidance_truncation = truncation; });
}

zimg_status zimg_request_set_schedule(zimg_request* request, zimg_schedule schedule, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) {
    value.schedule = enumerator(schedule, Schedule::kLinear, Schedule::kNative, "schedule");
  });
}

zimg_status zimg_request_set_seed(zimg_request* request, uint64_t seed, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) {
    value.seed = seed;
    value.random_seed = false;
  });
}

zimg_status zimg_request_set_random_seed(zimg_request* request, int is_random, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.random_seed = is_random != 0; });
}

zimg_status zimg_request_set_vae_tiling(zimg_request* request, int is_tiled, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.vae_tiling = is_tiled != 0; });
}

zimg_status zimg_request_set_match_level(zimg_request* request, zimg_match_level level, zimg_error** out_error) {
  return change(request, out_error,
                [&](auto& value) { value.match = enumerator(level, MatchLevel::kExact, MatchLevel::kLoose, "level"); });
}

zimg_status zimg_request_set_namespace(zimg_request* request, const char* name, size_t size, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.name_space = text_of(name, size, "name"); });
}

zimg_status zimg_request_set_format(zimg_request* request, zimg_image_format format, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) {
    value.format = enumerator(format, ImageFormat::kPng, ImageFormat::kJpeg, "format");
  });
}

zimg_status zimg_request_set_jpeg_quality(zimg_request* request, int32_t quality, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.jpeg_quality = quality; });
}

zimg_status zimg_request_set_splice_parameters(zimg_request* request, int is_spliced, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.splice_parameters = is_spliced != 0; });
}

zimg_status zimg_request_set_cache_mode(zimg_request* request, zimg_cache_mode mode, zimg_error** out_error) {
  return change(request, out_error,
                [&](auto& value) { value.mode = enumerator(mode, CacheMode::kNormal, CacheMode::kNoStore, "mode"); });
}

zimg_status zimg_request_set_ttl_ms(zimg_request* request, int64_t ttl_ms, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.ttl_ms = ttl_ms; });
}

zimg_status zimg_request_set_ttl_jitter(zimg_request* request, double jitter, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.ttl_jitter = jitter; });
}

zimg_status zimg_request_set_tag(zimg_request* request, const char* tag, size_t size, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.tag = text_of(tag, size, "tag"); });
}

zimg_status zimg_request_set_pin(zimg_request* request, int is_pinned, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.pin = is_pinned != 0; });
}

zimg_status zimg_request_set_preview(zimg_request* request, int is_wanted, zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.preview = is_wanted != 0; });
}

zimg_status zimg_request_set_progress(zimg_request* request, zimg_progress_function on_progress, void* user_data,
                                      void (*release)(void* user_data), zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) {
    const auto data = std::make_shared<UserData>();
    std::function<void(const zimg::Progress&)> callback;
    if (on_progress != nullptr) {
      callback = [on_progress, data](const zimg::Progress& progress) {
        const zimg_progress view(&progress);
        on_progress(data->get(), &view);
      };
    }
    value.on_progress = std::move(callback);
    data->arm(user_data, release);
  });
}

zimg_status zimg_request_set_cancel_token(zimg_request* request, const zimg_cancel_token* token,
                                          zimg_error** out_error) {
  return change(request, out_error, [&](auto& value) { value.cancel = required(token, "token").value; });
}

void zimg_request_destroy(zimg_request* request) {
  destroy(request);
}

uint32_t zimg_progress_step(const zimg_progress* progress) {
  return alive(progress) == nullptr ? 0 : progress->value->step;
}

uint32_t zimg_progress_steps(const zimg_progress* progress) {
  return alive(progress) == nullptr ? 0 : progress->value->steps;
}

const uint8_t* zimg_progress_preview(const zimg_progress* progress, uint32_t* out_width, uint32_t* out_height,
                                     size_t* out_size) {
  static const zimg::Progress nothing;
  const zimg::Progress& value = alive(progress) == nullptr ? nothing : *progress->value;
  if (out_width != nullptr) *out_width = value.preview_width;
  if (out_height != nullptr) *out_height = value.preview_height;
  if (out_size != nullptr) *out_size = value.preview.size();
  return value.preview.empty() ? nullptr : value.preview.data();
}
