#include "capi/guard.hpp"
#include "capi/lmdb_options.hpp"
#include "capi/tally.hpp"
#include "zimg/store_maintenance.hpp"

using namespace zimg::capi;

zimg_status zimg_store_verify(const zimg_lmdb_options* options, zimg_tally_function on_progress, void* user_data,
                              zimg_tally** out_tally, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::LmdbOptions& store = required(options, "options").value;
    required_pointer(out_tally, "out_tally");
    const auto verify = [&](const VerifyProgress& on_entry) { return zimg::verify_lmdb_store(store, on_entry); };
    create(out_tally, "out_tally", verification(verify, "the store", on_progress, user_data));
  });
}

zimg_status zimg_store_rebuild(const zimg_lmdb_options* options, zimg_tally_function on_progress, void* user_data,
                               zimg_tally** out_tally, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::LmdbOptions& store = required(options, "options").value;
    required_pointer(out_tally, "out_tally");
    const auto report = zimg::rebuild_lmdb_store(
        store, [&](const zimg::RebuildReport& so_far) { return goes_on(on_progress, user_data, tally_of(so_far)); });
    create(out_tally, "out_tally", tally_of(report));
  });
}

zimg_status zimg_store_resize(const zimg_lmdb_options* options, zimg_error** out_error) {
  return guarded(out_error, [&] { zimg::resize_lmdb_store(required(options, "options").value); });
}
