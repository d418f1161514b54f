#include "capi/purge_filter.hpp"

#include "capi/entry.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/text.hpp"

using namespace zimg::capi;

namespace {

// Sets what `set` sets of the filter, which is an argument of that name.
template <class Set>
zimg_status change(zimg_purge_filter* filter, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(filter, "filter").value); });
}

}  // namespace

zimg_status zimg_purge_filter_create(zimg_purge_filter** out_filter, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_filter, "out_filter"); });
}

zimg_status zimg_purge_filter_set_namespace(zimg_purge_filter* filter, const char* name, size_t size,
                                            zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.name_space = text_of(name, size, "name"); });
}

zimg_status zimg_purge_filter_set_model(zimg_purge_filter* filter, const char* name, size_t size,
                                        zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.model = text_of(name, size, "name"); });
}

zimg_status zimg_purge_filter_set_tag(zimg_purge_filter* filter, const char* tag, size_t size, zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.tag = text_of(tag, size, "tag"); });
}

zimg_status zimg_purge_filter_set_stored_before_ms(zimg_purge_filter* filter, int64_t time_ms, zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.stored_before_ms = time_ms; });
}

zimg_status zimg_purge_filter_set_key_prefix(zimg_purge_filter* filter, const char* digits, size_t size,
                                             zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.key_prefix = text_of(digits, size, "digits"); });
}

zimg_status zimg_purge_filter_set_spares_pinned(zimg_purge_filter* filter, int is_sparing, zimg_error** out_error) {
  return change(filter, out_error, [&](auto& value) { value.spares_pinned = is_sparing != 0; });
}

int zimg_purge_filter_matches(const zimg_purge_filter* filter, const zimg_key* key, const zimg_entry* entry) {
  if (alive(filter) == nullptr || key == nullptr || alive(entry) == nullptr) return 0;
  bool is_match = false;
  guarded(nullptr, [&] { is_match = filter->value.matches(required_key(key), *entry->info); });
  return is_match ? 1 : 0;
}

void zimg_purge_filter_destroy(zimg_purge_filter* filter) {
  destroy(filter);
}
