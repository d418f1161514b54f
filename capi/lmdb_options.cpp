#include "capi/lmdb_options.hpp"

#include "capi/guard.hpp"
#include "capi/policy.hpp"
#include "capi/text.hpp"
#include "zimg/store_maintenance.hpp"

using namespace zimg::capi;

namespace {

// Sets what `set` sets of the options, which are an argument of that name.
template <class Set>
zimg_status change(zimg_lmdb_options* options, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(options, "options").value); });
}

}  // namespace

zimg_status zimg_lmdb_options_create(zimg_lmdb_options** out_options, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_options, "out_options"); });
}

zimg_status zimg_lmdb_options_from_url(const char* url, size_t size, zimg_lmdb_options** out_options,
                                       zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_options, "out_options");
    create(out_options, "out_options", zimg::lmdb_options(text_of(url, size, "url")));
  });
}

zimg_status zimg_lmdb_options_set_path(zimg_lmdb_options* options, const char* path, size_t size,
                                       zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.path = text_of(path, size, "path"); });
}

zimg_status zimg_lmdb_options_set_capacity_bytes(zimg_lmdb_options* options, uint64_t bytes, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.capacity_bytes = bytes; });
}

zimg_status zimg_lmdb_options_set_lock_timeout_ms(zimg_lmdb_options* options, uint32_t timeout_ms,
                                                  zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.lock_timeout_ms = timeout_ms; });
}

zimg_status zimg_lmdb_options_set_allow_network(zimg_lmdb_options* options, int is_allowed, zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) { value.allow_network_filesystem = is_allowed != 0; });
}

zimg_status zimg_lmdb_options_set_policy(zimg_lmdb_options* options, const zimg_policy* policy,
                                         zimg_error** out_error) {
  return change(options, out_error, [&](auto& value) {
    value.policy = required(policy, "policy").value;
    for (const auto& [name, secret] : policy->secrets) value.namespace_secrets.insert_or_assign(name, secret);
  });
}

zimg_status zimg_lmdb_options_add_namespace_secret(zimg_lmdb_options* options, const char* name, size_t name_size,
                                                   const void* secret, size_t secret_size, zimg_error** out_error) {
  return change(options, out_error,
                [&](auto& value) { add_secret(value.namespace_secrets, name, name_size, secret, secret_size); });
}

void zimg_lmdb_options_destroy(zimg_lmdb_options* options) {
  destroy(options);
}
