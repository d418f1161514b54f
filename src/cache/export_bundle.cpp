#include "base/new_file.hpp"
#include "base/output_path.hpp"
#include "base/sha256.hpp"
#include "cache/bundle_format.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/bundle.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

using cache::BundleFrame;

void write_entry(base::NewFile& file, const CacheKey& key, const CacheEntry& entry) {
  const Bytes header = cache::encode_header(key, cache::make_header(entry, 0));
  const auto frame = cache::encode_bundle_frame(
      {BundleFrame::Kind::kEntry, static_cast<std::uint32_t>(header.size()), entry.payload->size()});
  file.write(frame.data(), frame.size());
  file.write(header.data(), header.size());
  file.write(entry.payload->data(), entry.payload->size());
}

// What a bundle may hold: an import would refuse the rest, and where it is a header that is too long, all behind it.
// A cache of the host's own may hold what zimg's would not take.
bool is_sound(const CacheEntry& entry) {
  try {
    cache::check_limits(entry);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument) throw;
    return false;
  }
  return entry.payload->size() <= cache::kLargestBundledPayload &&
         base::sha256(entry.payload->data(), entry.payload->size()) == entry.info.payload_sha256;
}

}  // namespace

ExportReport export_bundle(ICache& from, const std::string& path, const EntryVisitor& filter,
                           const std::function<bool(const ExportReport&)>& on_progress) {
  base::check_output_path(path);
  ExportReport report;
  base::NewFile file(base::resolved_path(path), 0600);
  const cache::BundleStart start = cache::encode_bundle_start();
  file.write(start.data(), start.size());
  from.list([&](const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
    if (filter && !filter(key, info, payload_bytes)) return true;
    const auto entry = from.peek(key);
    if (entry && is_sound(*entry)) {
      write_entry(file, key, *entry);
      ++report.entries;
      report.payload_bytes += entry->payload->size();
    } else {
      ++report.left_out;
    }
    if (on_progress && !on_progress(report)) {
      throw Error(ErrorCode::kCancelled, "the export to '" + path + "' was stopped; no file was written");
    }
    return true;
  });
  const auto end = cache::encode_bundle_frame({BundleFrame::Kind::kEnd, 0, report.entries});
  file.write(end.data(), end.size());
  file.commit(true);
  return report;
}

}  // namespace v0
}  // namespace zimg
