#include "capi/tally.hpp"

#include <string>

#include "capi/callback_scope.hpp"
#include "zimg/error.hpp"

namespace zimg::capi {

Counts tally_of(const VerifyReport& report) {
  return Counts()
      .set(ZIMG_COUNT_ENTRIES, report.entries)
      .set(ZIMG_COUNT_PAYLOAD_BYTES, report.payload_bytes)
      .set(ZIMG_COUNT_CORRUPT, report.damaged)
      .set(ZIMG_COUNT_UNREADABLE, report.unreadable)
      .set(ZIMG_COUNT_LISTED, report.total)
      .set(ZIMG_COUNT_TREE_DAMAGES, report.tree_damages);
}

Counts tally_of(const ExportReport& report) {
  return Counts()
      .set(ZIMG_COUNT_ENTRIES, report.entries)
      .set(ZIMG_COUNT_PAYLOAD_BYTES, report.payload_bytes)
      .set(ZIMG_COUNT_LEFT_OUT, report.left_out);
}

Counts tally_of(const ImportReport& report) {
  return Counts()
      .set(ZIMG_COUNT_ENTRIES, report.entries)
      .set(ZIMG_COUNT_STORED, report.stored)
      .set(ZIMG_COUNT_PAYLOAD_BYTES, report.payload_bytes)
      .set(ZIMG_COUNT_REFUSED, report.refused)
      .set(ZIMG_COUNT_READ_BYTES, report.read_bytes)
      .set(ZIMG_COUNT_FILE_BYTES, report.file_bytes)
      .set(ZIMG_COUNT_IS_WHOLE, report.is_whole ? 1 : 0);
}

Counts tally_of(const RebuildReport& report) {
  return Counts()
      .set(ZIMG_COUNT_ENTRIES, report.entries)
      .set(ZIMG_COUNT_PAYLOAD_BYTES, report.payload_bytes)
      .set(ZIMG_COUNT_LOST, report.lost)
      .set(ZIMG_COUNT_EXPIRED, report.expired)
      .set(ZIMG_COUNT_UNREADABLE, report.unreadable)
      .set(ZIMG_COUNT_LISTED, report.total)
      .set(ZIMG_COUNT_TREE_DAMAGES, report.tree_damages)
      .set(ZIMG_COUNT_DISK_BYTES_BEFORE, report.disk_bytes_before)
      .set(ZIMG_COUNT_DISK_BYTES_AFTER, report.disk_bytes_after);
}

Counts tally_of(const PrewarmProgress& progress) {
  return Counts()
      .set(ZIMG_COUNT_CHECKED, progress.checked)
      .set(ZIMG_COUNT_LISTED, progress.listed)
      .set(ZIMG_COUNT_DONE, progress.done)
      .set(ZIMG_COUNT_MISSING, progress.missing)
      .set(ZIMG_COUNT_DRAWN_BYTES, progress.drawn_bytes);
}

bool goes_on(zimg_tally_function on_progress, void* user_data, const Counts& so_far) {
  if (on_progress == nullptr) return true;
  const zimg_tally view(so_far);
  return on_progress(user_data, &view) != 0;
}

Counts verification(const std::function<VerifyReport(const VerifyProgress&)>& verify, const char* verified,
                    zimg_tally_function on_progress, void* user_data) {
  bool is_stopped = false;
  const VerifyReport report = verify([&](const VerifyReport& so_far) {
    const CacheCallbackScope scope;
    is_stopped = !goes_on(on_progress, user_data, tally_of(so_far));
    return !is_stopped;
  });
  if (is_stopped) {
    throw Error(ErrorCode::kCancelled, std::string("verifying ") + verified + " was stopped by its callback");
  }
  return tally_of(report);
}

}  // namespace zimg::capi

using namespace zimg::capi;

uint64_t zimg_tally_count(const zimg_tally* tally, zimg_count count) {
  return alive(tally) == nullptr ? 0 : tally->value.at(count);
}

void zimg_tally_destroy(zimg_tally* tally) {
  destroy(tally);
}
