#include "zimg/bundle.hpp"

#include "capi/cache.hpp"
#include "capi/callback_scope.hpp"
#include "capi/entry.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/tally.hpp"
#include "capi/text.hpp"

using namespace zimg::capi;

namespace {

std::function<void(const zimg::RefusedEntry&)> refused_callback(zimg_refused_function on_refused, void* user_data) {
  if (on_refused == nullptr) return {};
  return [on_refused, user_data](const zimg::RefusedEntry& refused) {
    const auto key = zimg::CacheKey::from_hex(refused.key);
    on_refused(user_data, refused.number, key ? view_of_key(*key) : nullptr, refused.reason.c_str(),
               refused.reason.size());
  };
}

}  // namespace

zimg_status zimg_bundle_export(zimg_cache* cache, const char* path, size_t size, zimg_entry_function filter,
                               zimg_tally_function on_progress, void* user_data, zimg_tally** out_tally,
                               zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_tally, "out_tally");
    const auto report = zimg::export_bundle(*value, text_of(path, size, "path"),
                                            filter == nullptr ? zimg::EntryVisitor() : visitor_of(filter, user_data),
                                            [&](const zimg::ExportReport& so_far) {
                                              const CacheCallbackScope scope;  // the cache is being listed
                                              return goes_on(on_progress, user_data, tally_of(so_far));
                                            });
    create(out_tally, "out_tally", tally_of(report));
  });
}

zimg_status zimg_bundle_import(zimg_cache* cache, const char* path, size_t size, zimg_refused_function on_refused,
                               zimg_tally_function on_progress, void* user_data, zimg_tally** out_tally,
                               zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_tally, "out_tally");
    zimg::ImportOptions options;
    options.on_refused = refused_callback(on_refused, user_data);
    options.on_progress = [&](const zimg::ImportReport& so_far) {
      return goes_on(on_progress, user_data, tally_of(so_far));
    };
    create(out_tally, "out_tally", tally_of(zimg::import_bundle(*value, text_of(path, size, "path"), options)));
  });
}
