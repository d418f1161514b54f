#include "capi/options.hpp"

#include <utility>

#include "capi/enumeration.hpp"
#include "capi/foreign_pipeline.hpp"
#include "capi/guard.hpp"
#include "capi/text.hpp"
#include "capi/trace_event.hpp"
#include "capi/user_data.hpp"

using zimg::Device;
using zimg::Fingerprint;
using zimg::Kept;
using zimg::KeywordAction;
using zimg::Precision;
using namespace zimg::capi;

static_assert(static_cast<int>(Device::kAuto) == ZIMG_DEVICE_AUTO);
static_assert(static_cast<int>(Device::kCpu) == ZIMG_DEVICE_CPU);
static_assert(static_cast<int>(Device::kCuda) == ZIMG_DEVICE_CUDA);
static_assert(static_cast<int>(Precision::kAuto) == ZIMG_PRECISION_AUTO);
static_assert(static_cast<int>(Precision::kFp32) == ZIMG_PRECISION_FP32);
static_assert(static_cast<int>(Precision::kBf16) == ZIMG_PRECISION_BF16);
static_assert(static_cast<int>(Precision::kFp16) == ZIMG_PRECISION_FP16);
static_assert(static_cast<int>(Fingerprint::kPortable) == ZIMG_FINGERPRINT_PORTABLE);
static_assert(static_cast<int>(Fingerprint::kStrict) == ZIMG_FINGERPRINT_STRICT);
static_assert(static_cast<int>(Kept::kLossless) == ZIMG_KEPT_LOSSLESS);
static_assert(static_cast<int>(Kept::kDelivered) == ZIMG_KEPT_DELIVERED);
static_assert(static_cast<int>(KeywordAction::kNoStore) == ZIMG_KEYWORD_ACTION_NO_STORE);
static_assert(static_cast<int>(KeywordAction::kRefuse) == ZIMG_KEYWORD_ACTION_REFUSE);
static_assert(static_cast<int>(KeywordAction::kTag) == ZIMG_KEYWORD_ACTION_TAG);

namespace {

// Sets what `set` sets of the options, which are an argument of that name.
template <class Set>
zimg_status change(zimg_options* options, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(options, "options").value); });
}

}  // namespace

zimg_status zimg_options_create(zimg_options** out_options, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_options, "out_options"); });
}

zimg_status zimg_options_set_cache_url(zimg_options* options, const char* url, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.cache_url = text_of(url, size, "url"); });
}

zimg_status zimg_options_set_requires_cache(zimg_options* options, int is_required, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.requires_cache = is_required != 0; });
}

zimg_status zimg_options_set_model(zimg_options* options, const char* path, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.model = text_of(path, size, "path"); });
}

zimg_status zimg_options_set_device(zimg_options* options, zimg_device device, zimg_error** out_error) {
  return change(options, out_error,
                [&](auto& value) { value.device = enumerator(device, Device::kAuto, Device::kCuda, "device"); });
}

zimg_status zimg_options_set_precision(zimg_options* options, zimg_precision precision, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    value.precision = enumerator(precision, Precision::kAuto, Precision::kFp16, "precision");
  });
}

zimg_status zimg_options_set_threads(zimg_options* options, uint32_t threads, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.threads = threads; });
}

zimg_status zimg_options_set_fingerprint(zimg_options* options, zimg_fingerprint fingerprint, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    value.fingerprint = enumerator(fingerprint, Fingerprint::kPortable, Fingerprint::kStrict, "fingerprint");
  });
}

zimg_status zimg_options_set_engine_path(zimg_options* options, const char* path, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.engine_path = text_of(path, size, "path"); });
}

zimg_status zimg_options_set_torch_path(zimg_options* options, const char* path, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.torch_path = text_of(path, size, "path"); });
}

zimg_status zimg_options_set_synonyms(zimg_options* options, const char* path, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.synonyms = text_of(path, size, "path"); });
}

zimg_status zimg_options_add_namespace_secret(zimg_options* options, const char* name, size_t name_size,
                                              const void* secret, size_t secret_size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    value.namespace_secrets.insert_or_assign(text_of(name, name_size, "name"), bytes_of(secret, secret_size, "secret"));
  });
}

zimg_status zimg_options_set_kept(zimg_options* options, zimg_kept kept, zimg_error** out_error) {
  return change(options, out_error,
                [&](auto& value) { value.kept = enumerator(kept, Kept::kLossless, Kept::kDelivered, "kept"); });
}

zimg_status zimg_options_set_drawings_at_once(zimg_options* options, uint32_t drawings, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.drawings_at_once = drawings; });
}

zimg_status zimg_options_set_patience_ms(zimg_options* options, uint32_t patience_ms, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.patience_ms = patience_ms; });
}

zimg_status zimg_options_set_pending_stores(zimg_options* options, uint32_t stores, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.pending_stores = stores; });
}

zimg_status zimg_options_add_keywords(zimg_options* options, const char* path, size_t path_size,
                                      zimg_keyword_action action, const char* tag, size_t tag_size,
                                      zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    value.keywords.push_back({text_of(path, path_size, "path"),
                              enumerator(action, KeywordAction::kNoStore, KeywordAction::kTag, "action"),
                              text_of(tag, tag_size, "tag")});
  });
}

zimg_status zimg_options_set_trace(zimg_options* options, zimg_trace_function on_event, void* user_data,
                                   void (*release)(void* user_data), int has_prompts, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    const auto data = std::make_shared<UserData>();
    zimg::TraceCallback callback;
    if (on_event != nullptr) {
      callback = [on_event, data](const zimg::TraceEvent& event) {
        const zimg_trace_event view(&event);
        on_event(data->get(), &view);
      };
    }
    value.on_trace = std::move(callback);
    value.trace_prompts = has_prompts != 0;
    data->arm(user_data, release);
  });
}

zimg_status zimg_options_set_hashing_progress(zimg_options* options, zimg_bytes_progress_function on_hashing,
                                              void* user_data, void (*release)(void* user_data),
                                              zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    const auto data = std::make_shared<UserData>();
    std::function<void(std::uint64_t, std::uint64_t)> callback;
    if (on_hashing != nullptr) {
      callback = [on_hashing, data](std::uint64_t done_bytes, std::uint64_t total_bytes) {
        on_hashing(data->get(), done_bytes, total_bytes);
      };
    }
    value.on_hashing = std::move(callback);
    data->arm(user_data, release);
  });
}

zimg_status zimg_options_set_pipeline(zimg_options* options, const zimg_pipeline_vtable* vtable, void* user_data,
                                      const char* identity, size_t size, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    std::string named = text_of(identity, size, "identity");
    if (named.empty()) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                        "the argument 'identity' is empty; a name that tells this pipeline from others is expected");
    }
    auto pipeline = std::make_shared<ForeignPipeline>(read_vtable(vtable));
    value.pipeline_identity = std::move(named);
    pipeline->arm(user_data);
    value.pipeline = std::move(pipeline);
  });
}

void zimg_options_destroy(zimg_options* options) {
  destroy(options);
}
