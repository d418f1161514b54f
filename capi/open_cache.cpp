#include "capi/cache.hpp"
#include "capi/foreign_cache.hpp"
#include "capi/guard.hpp"
#include "capi/lmdb_options.hpp"
#include "capi/policy.hpp"
#include "capi/text.hpp"
#include "zimg/policy.hpp"

using namespace zimg::capi;

zimg_status zimg_cache_open(const char* url, size_t size, const zimg_policy* policy, zimg_cache** out_cache,
                            zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_cache, "out_cache");
    auto opened = zimg::open_cache(text_of(url, size, "url"), policy_of(policy), secrets_of(policy));
    if (opened) {
      create(out_cache, "out_cache", std::move(opened));
    } else {
      *out_cache = nullptr;
    }
  });
}

zimg_status zimg_cache_open_lmdb(const zimg_lmdb_options* options, zimg_cache** out_cache, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::LmdbOptions& store = required(options, "options").value;
    required_pointer(out_cache, "out_cache");
    create(out_cache, "out_cache", zimg::open_lmdb_cache(store));
  });
}

zimg_status zimg_cache_make_memory(uint64_t capacity_bytes, const zimg_policy* policy, zimg_cache** out_cache,
                                   zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_cache, "out_cache");
    create(out_cache, "out_cache", zimg::make_memory_cache(capacity_bytes, policy_of(policy)));
  });
}

zimg_status zimg_cache_make_tier(zimg_cache* upper, zimg_cache* lower, zimg_cache** out_cache, zimg_error** out_error) {
  return guarded(out_error, [&] {
    auto above = required(upper, "upper").value;
    auto below = required(lower, "lower").value;
    required_pointer(out_cache, "out_cache");
    create(out_cache, "out_cache", zimg::make_tiered_cache(std::move(above), std::move(below)));
  });
}

zimg_status zimg_cache_default_path(zimg_text** out_path, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_path, "out_path");
    *out_path = new_path(zimg::default_cache_path());
  });
}

zimg_status zimg_cache_wrap(const zimg_cache_vtable* vtable, void* user_data, const char* description, size_t size,
                            zimg_cache** out_cache, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg_cache_vtable functions = read_vtable(vtable);
    auto cache = std::make_shared<ForeignCache>(functions, text_of(description, size, "description"));
    ForeignCache& foreign = *cache;
    create(out_cache, "out_cache", std::move(cache));
    foreign.arm(user_data);
  });
}
