#include "capi/cache.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "capi/callback_scope.hpp"
#include "capi/entry.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/purge_filter.hpp"
#include "capi/tally.hpp"
#include "capi/text.hpp"

using zimg::StoreOutcome;
using namespace zimg::capi;

static_assert(static_cast<int>(StoreOutcome::kStored) == ZIMG_STORE_OUTCOME_STORED);
static_assert(static_cast<int>(StoreOutcome::kTooFull) == ZIMG_STORE_OUTCOME_TOO_FULL);
static_assert(static_cast<int>(StoreOutcome::kTooLarge) == ZIMG_STORE_OUTCOME_TOO_LARGE);
static_assert(static_cast<int>(StoreOutcome::kOverQuota) == ZIMG_STORE_OUTCOME_OVER_QUOTA);

namespace zimg::capi {

std::shared_ptr<ICache> required_cache(const zimg_cache* cache) {
  return required(cache, "cache").value;
}

namespace {

// A found entry for an out-parameter; NULL where nothing was found.
void hand_over(std::optional<CacheEntry> found, zimg_entry** out_entry) {
  if (found) {
    create(out_entry, "out_entry", std::move(*found));
  } else {
    *out_entry = nullptr;
  }
}

void set_if_wanted(int* out, bool value) noexcept {
  if (out != nullptr) *out = value ? 1 : 0;
}

}  // namespace
}  // namespace zimg::capi

zimg_status zimg_cache_find(zimg_cache* cache, const zimg_key* key, zimg_entry** out_entry, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_entry, "out_entry");
    hand_over(value->find(required_key(key)), out_entry);
  });
}

zimg_status zimg_cache_peek(zimg_cache* cache, const zimg_key* key, zimg_entry** out_entry, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_entry, "out_entry");
    hand_over(value->peek(required_key(key)), out_entry);
  });
}

zimg_status zimg_cache_contains(zimg_cache* cache, const zimg_key* key, int* out_is_there, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_is_there, "out_is_there");
    *out_is_there = value->contains(required_key(key)) ? 1 : 0;
  });
}

zimg_status zimg_cache_store(zimg_cache* cache, const zimg_key* key, const zimg_entry* entry,
                             zimg_store_outcome* out_outcome, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    const zimg::CacheKey under = required_key(key);
    const zimg_entry& kept = required(entry, "entry");
    required_pointer(out_outcome, "out_outcome");
    *out_outcome = static_cast<zimg_store_outcome>(value->store(under, {*kept.info, kept.own.payload}));
  });
}

zimg_status zimg_cache_store_all(zimg_cache* cache, const zimg_key* keys, const zimg_entry* const* entries,
                                 size_t count, zimg_store_outcome* out_outcomes, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    if (count == 0) return;
    required_pointer(keys, "keys");
    required_pointer(entries, "entries");
    required_pointer(out_outcomes, "out_outcomes");
    std::vector<zimg::KeyedEntry> many;
    for (size_t i = 0; i < count; ++i) {
      const zimg_entry& entry = required(entries[i], "entries");
      many.push_back({required_key(keys + i), {*entry.info, entry.own.payload}});
    }
    const std::vector<StoreOutcome> outcomes = value->store_all(many);
    std::transform(outcomes.begin(), outcomes.end(), out_outcomes,
                   [](StoreOutcome outcome) { return static_cast<zimg_store_outcome>(outcome); });
  });
}

zimg_status zimg_cache_erase(zimg_cache* cache, const zimg_key* key, int* out_was_there, zimg_error** out_error) {
  return guarded(out_error, [&] { set_if_wanted(out_was_there, required_cache(cache)->erase(required_key(key))); });
}

zimg_status zimg_cache_pin(zimg_cache* cache, const zimg_key* key, int is_pinned, int* out_is_there,
                           zimg_error** out_error) {
  return guarded(out_error,
                 [&] { set_if_wanted(out_is_there, required_cache(cache)->pin(required_key(key), is_pinned != 0)); });
}

zimg_status zimg_cache_list(zimg_cache* cache, zimg_entry_function visit, void* user_data, zimg_error** out_error) {
  return guarded(out_error,
                 [&] { required_cache(cache)->list(visitor_of(required_pointer(visit, "visit"), user_data)); });
}

zimg_status zimg_cache_erase_if(zimg_cache* cache, zimg_entry_function match, void* user_data, uint64_t* out_erased,
                                zimg_error** out_error) {
  return guarded(out_error, [&] {
    const std::uint64_t erased =
        required_cache(cache)->erase_if(visitor_of(required_pointer(match, "match"), user_data));
    if (out_erased != nullptr) *out_erased = erased;
  });
}

zimg_status zimg_cache_purge(zimg_cache* cache, const zimg_purge_filter* filter, uint64_t* out_erased,
                             zimg_error** out_error) {
  return guarded(out_error, [&] {
    const std::uint64_t erased = zimg::purge(*required_cache(cache), required(filter, "filter").value);
    if (out_erased != nullptr) *out_erased = erased;
  });
}

zimg_status zimg_cache_verify(zimg_cache* cache, zimg_tally_function on_progress, void* user_data,
                              zimg_tally** out_tally, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_tally, "out_tally");
    const auto verify = [&](const VerifyProgress& on_entry) { return value->verify(on_entry); };
    create(out_tally, "out_tally", verification(verify, "the cache", on_progress, user_data));
  });
}

zimg_status zimg_cache_description(const zimg_cache* cache, zimg_text** out_text, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_text, "out_text");
    *out_text = new_text(value->description());
  });
}

zimg_status zimg_cache_close(zimg_cache* cache, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    if (CacheCallbackScope::is_inside()) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                        "a callback of a cache asks to close a cache, which would wait for the callback; another "
                        "thread may ask");
    }
    value->close();
  });
}

void zimg_cache_destroy(zimg_cache* cache) {
  destroy(cache);
}
