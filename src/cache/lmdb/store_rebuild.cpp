#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/scope_exit.hpp"
#include "base/sha256.hpp"
#include "base/system_error.hpp"
#include "cache/entry_codec.hpp"
#include "cache/lmdb/key_walk.hpp"
#include "cache/lmdb/lmdb_cache.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/lmdb_map.hpp"
#include "cache/lmdb/picture_tables.hpp"
#include "cache/lmdb/reporting_child.hpp"
#include "cache/lmdb/sole_use.hpp"
#include "cache/lmdb/store_folder.hpp"
#include "cache/lmdb/store_reading.hpp"
#include "cache/lmdb/transaction.hpp"
#include "zimg/error.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg::cache {
namespace {

constexpr const char* kDataFile = "data.mdb";

constexpr std::uint64_t kRebuildBatchBytes = std::uint64_t{32} << 20;  // of payloads, committed together
constexpr std::uint64_t kFillPercent = 95;                             // of the fresh store's room

// An open map and its tables.
struct OpenTables {
  OpenTables(const std::string& folder, std::uint64_t capacity_bytes, unsigned flags)
      : env(open_map(folder, capacity_bytes, flags)) {}
  ~OpenTables() { mdb_env_close(env); }
  OpenTables(const OpenTables&) = delete;
  OpenTables& operator=(const OpenTables&) = delete;

  void open() {
    Transaction reading(env, MDB_RDONLY);
    tables.open(reading.get());
    reading.commit();  // an abort would close the tables again
  }

  MDB_env* env;
  PictureTables tables;
};

// In the child.
void read_store(const std::string& folder, std::uint64_t capacity_bytes, std::int64_t now_ms, const KeyWalk& walk,
                ReportingChild::Sender& sender) {
  OpenTables store(folder, capacity_bytes, MDB_RDONLY | MDB_NOLOCK);
  store.open();
  report_entries(store.env, store.tables, capacity_bytes, now_ms, walk, sender);
}

std::uint64_t disk_bytes(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
}

// The making of the fresh store, in a folder inside the old one's.
class Rebuild {
 public:
  Rebuild(const LmdbOptions& options, const std::function<bool(const RebuildReport&)>& on_progress)
      : folder_(options.path),
        fresh_folder_(folder_.rebuild_path()),
        on_progress_(on_progress),
        now_ms_(now_ms(options.policy)),
        asked_capacity_(options.capacity_bytes) {
    folder_.expect_rebuildable();
    if (!options.allow_network_filesystem) folder_.refuse_network_filesystem();
  }
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;

  RebuildReport run() {
    const SoleUse alone(folder_, "rebuilt");
    stored_capacity_ = folder_.expect_rebuildable();  // only now: until then another process may have made it larger
    capacity_ = asked_capacity_ != 0 ? asked_capacity_ : stored_capacity_;
    report_.disk_bytes_before = disk_bytes(folder_.file(kDataFile));
    folder_.remove_rebuild();
    const base::ScopeExit clear_away([this] { folder_.remove_rebuild(); });
    fresh_folder_.create();
    {
      OpenTables fresh(fresh_folder_.path(), capacity_, MDB_NOLOCK | MDB_NOSYNC);
      Transaction creating(fresh.env, 0);
      fresh.tables.create(creating.get());
      creating.commit();
      fresh.open();
      copy_all(fresh);
      check(mdb_env_sync(fresh.env, 1), "sync the fresh store");
    }
    alone.check();
    take_the_place();
    report_.disk_bytes_after = disk_bytes(folder_.file(kDataFile));
    return report_;
  }

 private:
  void copy_all(OpenTables& fresh) {
    const auto read = [&](const KeyWalk& walk, ReportingChild::Sender& sender) {
      read_store(folder_.path(), stored_capacity_, now_ms_, walk, sender);
    };
    report_.tree_damages = read_in_children(folder_.path(), read, [&](ChildMessage&& message) {
      take(fresh, std::move(message));
      return true;
    });
    flush(fresh);
  }

  void take(OpenTables& fresh, ChildMessage&& message) {
    if (message.kind == kOpened) report_.total = message.number;
    if (message.kind == kSoundEntry && !is_what_was_stored(message)) message.kind = kLostEntry;
    if (message.kind == kLostEntry) ++report_.lost;
    if (message.kind == kExpiredEntry) ++report_.expired;
    if (message.kind != kSoundEntry && message.kind != kUnreadableEntry) return;
    batch_bytes_ += message.payload.size();
    batch_.push_back(std::move(message));
    if (batch_bytes_ >= kRebuildBatchBytes) flush(fresh);
  }

  static bool is_what_was_stored(const ChildMessage& message) {
    EntryHeader header;
    return decode_header(message.header.data(), message.header.size(), message.key, header) == HeaderState::kSound &&
           base::sha256(message.payload.data(), message.payload.size()) == header.info.payload_sha256;
  }

  void flush(OpenTables& fresh) {
    const std::uint64_t page_bytes = fresh.tables.page_bytes();
    const std::uint64_t room = capacity_ / page_bytes * kFillPercent / 100;
    Transaction writing(fresh.env, 0);
    for (const ChildMessage& message : batch_) {
      if (fresh.tables.pages_in_use(writing.get()) + PictureTables::pages_for(message.payload.size(), page_bytes) >
          room) {
        throw Error(ErrorCode::kCache, "the store '" + folder_.path() + "' holds more than fits into " +
                                           std::to_string(capacity_) +
                                           " bytes; purge some of it or choose a larger size");
      }
      if (!fresh.tables.put_as_is(writing.get(), message.key, message.header, message.payload)) {
        ++report_.lost;  // another entry bears its id: one of the two is not what it says
        continue;
      }
      ++report_.entries;
      report_.payload_bytes += message.payload.size();
      report_.unreadable += message.kind == kUnreadableEntry ? 1 : 0;
    }
    writing.commit();
    batch_.clear();
    batch_bytes_ = 0;
    if (on_progress_ && !on_progress_(report_)) {
      throw Error(ErrorCode::kCancelled, "the rebuilding of '" + folder_.path() + "' was stopped; it is as it was");
    }
  }

  // A file that is longer than the marker says is sound, a shorter one is not: the larger size goes first.
  void take_the_place() {
    fresh_folder_.size_data_file(std::max(capacity_, stored_capacity_));
    const std::string data = folder_.file(kDataFile);
    if (::rename(fresh_folder_.file(kDataFile).c_str(), data.c_str()) != 0) {
      throw base::system_error(ErrorCode::kCache, "cannot replace", data, errno);
    }
    folder_.sync();
    folder_.write_marker(capacity_);
    if (capacity_ < stored_capacity_) folder_.size_data_file(capacity_);
  }

  const StoreFolder folder_;
  const StoreFolder fresh_folder_;
  const std::function<bool(const RebuildReport&)>& on_progress_;
  const std::int64_t now_ms_;
  const std::uint64_t asked_capacity_;  // bytes; 0: as it is
  std::uint64_t stored_capacity_ = 0;
  std::uint64_t capacity_ = 0;
  RebuildReport report_;
  std::vector<ChildMessage> batch_;
  std::uint64_t batch_bytes_ = 0;
};

}  // namespace
}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

RebuildReport rebuild_lmdb_store(const LmdbOptions& options,
                                 const std::function<bool(const RebuildReport&)>& on_progress) {
  const LmdbOptions checked = cache::checked_options(options);
  try {
    return cache::Rebuild(checked, on_progress).run();
  } catch (const cache::LmdbFailure& failure) {
    throw cache::to_error(failure, checked.path);
  }
}

void resize_lmdb_store(const LmdbOptions& options) {
  if (options.capacity_bytes == 0) {
    throw Error(ErrorCode::kInvalidArgument, "the store's new size is 0 bytes; 4 MiB to 16 TiB are expected");
  }
  const LmdbOptions checked = cache::checked_options(options);
  if (checked.capacity_bytes < cache::StoreFolder(checked.path).expect_store()) {
    rebuild_lmdb_store(checked);
  } else {
    open_lmdb_cache(checked);  // opening it with another size is all that growing takes
  }
}

}  // namespace v0
}  // namespace zimg
