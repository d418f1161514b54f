#include "zimg/policy.hpp"

#include <utility>

#include "capi/callback_scope.hpp"
#include "capi/enumeration.hpp"
#include "capi/guard.hpp"
#include "capi/policy.hpp"
#include "capi/request.hpp"
#include "capi/text.hpp"
#include "capi/user_data.hpp"

using zimg::Preset;
using namespace zimg::capi;

static_assert(static_cast<int>(Preset::kPublicDemo) == ZIMG_PRESET_PUBLIC_DEMO);
static_assert(static_cast<int>(Preset::kPersonal) == ZIMG_PRESET_PERSONAL);
static_assert(static_cast<int>(Preset::kBatch) == ZIMG_PRESET_BATCH);
static_assert(static_cast<int>(Preset::kAbTest) == ZIMG_PRESET_AB_TEST);

namespace zimg::capi {

CachePolicy policy_of(const zimg_policy* policy) {
  return alive(policy) == nullptr ? CachePolicy() : policy->value;
}

NamespaceSecrets secrets_of(const zimg_policy* policy) {
  return alive(policy) == nullptr ? NamespaceSecrets() : policy->secrets;
}

void add_secret(NamespaceSecrets& secrets, const char* name, std::size_t name_size, const void* secret,
                std::size_t secret_size) {
  secrets.insert_or_assign(text_of(name, name_size, "name"), bytes_of(secret, secret_size, "secret"));
}

}  // namespace zimg::capi

zimg_status zimg_policy_create(zimg_policy** out_policy, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_policy, "out_policy"); });
}

zimg_status zimg_policy_add_namespace(zimg_policy* policy, const char* name, size_t size, uint64_t limit_bytes,
                                      uint64_t reserved_bytes, int64_t ttl_ms, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required(policy, "policy")
        .value.namespaces.push_back({text_of(name, size, "name"), limit_bytes, reserved_bytes, ttl_ms});
  });
}

zimg_status zimg_policy_add_namespace_secret(zimg_policy* policy, const char* name, size_t name_size,
                                             const void* secret, size_t secret_size, zimg_error** out_error) {
  return guarded(out_error,
                 [&] { add_secret(required(policy, "policy").secrets, name, name_size, secret, secret_size); });
}

zimg_status zimg_policy_set_ttl_jitter(zimg_policy* policy, double jitter, zimg_error** out_error) {
  return guarded(out_error, [&] { required(policy, "policy").value.ttl_jitter = jitter; });
}

zimg_status zimg_policy_set_weighs_entries(zimg_policy* policy, int is_weighing, zimg_error** out_error) {
  return guarded(out_error, [&] { required(policy, "policy").value.weighs_entries = is_weighing != 0; });
}

zimg_status zimg_policy_set_clock(zimg_policy* policy, zimg_clock_function now_ms, void* user_data,
                                  void (*release)(void* user_data), zimg_error** out_error) {
  return guarded(out_error, [&] {
    zimg::CachePolicy& value = required(policy, "policy").value;
    const auto data = std::make_shared<UserData>();
    std::function<std::int64_t()> clock;
    if (now_ms != nullptr) {
      clock = [now_ms, data] {
        const CallbackScope scope(nullptr);
        return now_ms(data->get());
      };
    }
    value.now_ms = std::move(clock);
    data->arm(user_data, release);
  });
}

zimg_status zimg_policy_set_warning(zimg_policy* policy, zimg_warning_function on_warning, void* user_data,
                                    void (*release)(void* user_data), zimg_error** out_error) {
  return guarded(out_error, [&] {
    zimg::CachePolicy& value = required(policy, "policy").value;
    const auto data = std::make_shared<UserData>();
    std::function<void(const std::string&)> callback;
    if (on_warning != nullptr) {
      callback = [on_warning, data](const std::string& warning) {
        const CallbackScope scope(nullptr);
        on_warning(data->get(), warning.c_str(), warning.size());
      };
    }
    value.on_warning = std::move(callback);
    data->arm(user_data, release);
  });
}

void zimg_policy_destroy(zimg_policy* policy) {
  destroy(policy);
}

zimg_status zimg_preset_named(const char* name, size_t size, zimg_preset* out_preset, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_preset, "out_preset");
    const auto preset = zimg::preset_named(text_of(name, size, "name"));
    if (!preset) {
      throw zimg::Error(zimg::ErrorCode::kNotFound,
                        "there is no such preset; 'public-demo', 'personal', 'batch' or 'ab-test' is expected");
    }
    *out_preset = static_cast<zimg_preset>(*preset);
  });
}

zimg_status zimg_preset_apply(zimg_preset preset, const char* user, size_t user_size, zimg_request* request,
                              zimg_policy* policy, zimg_error** out_error) {
  return guarded(out_error, [&] {
    zimg::apply_preset(enumerator(preset, Preset::kPublicDemo, Preset::kAbTest, "preset"),
                       text_of(user, user_size, "user"), required(request, "request").value,
                       required(policy, "policy").value);
  });
}
