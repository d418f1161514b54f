#include "cache/lmdb/lmdb_cache.hpp"

#include <lmdb.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "cache/checksum.hpp"
#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/transaction.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

// Eviction begins at 85 % of the room. The rest is what a transaction writes before the pages it frees can be used
// again, and what readers keep from being used.
constexpr std::uint64_t kEvictPercent = 85;
// Nothing is admitted beyond this, which only pinned entries can bring about.
constexpr std::uint64_t kAdmitPercent = 95;
// Where runs of free pages are too short for a chunk although enough pages are free, more of them help.
constexpr std::uint64_t kFragmentedPercents[] = {78, 70, 60};
// No entry takes more of the room than this, so that one picture cannot push out all others.
constexpr std::uint64_t kLargestEntryPercent = 25;
constexpr std::size_t kListBatch = 256;

}  // namespace

LmdbCache::LmdbCache(std::shared_ptr<Environment> environment, std::chrono::milliseconds lock_timeout)
    : environment_(std::move(environment)), lock_timeout_(lock_timeout) {}

// Runs `body`; what LMDB refused leaves as an Error.
template <class Body>
auto LmdbCache::translated(Body&& body) const {
  try {
    return body();
  } catch (const LmdbFailure& failure) {
    throw to_error(failure, environment_->folder().path());
  }
}

std::optional<CacheEntry> LmdbCache::find(const CacheKey& key) {
  return translated([&]() -> std::optional<CacheEntry> {
    Lookup lookup;
    {
      const Environment::Reading reading(*environment_);
      lookup = look_up(reading.txn(), key);
    }
    if (lookup.found == Found::kSound) {
      HitCounters::add(counters_.hits);
      return CacheEntry{std::move(lookup.header.info), std::make_shared<const Bytes>(std::move(lookup.payload))};
    }
    HitCounters::add(counters_.misses);
    if (lookup.found == Found::kDamaged) HitCounters::add(counters_.corrupt);
    if (lookup.found == Found::kExpired) HitCounters::add(counters_.expired);
    if (lookup.found == Found::kDamaged || lookup.found == Found::kExpired) drop_unsound(key);
    return std::nullopt;
  });
}

LmdbCache::Lookup LmdbCache::look_up(MDB_txn* txn, const CacheKey& key) const {
  Lookup lookup;
  const auto raw = environment_->tables().header(txn, key);
  if (!raw) return lookup;
  switch (decode_header(raw->data(), raw->size(), key, lookup.header)) {
    case HeaderState::kDamaged:
      lookup.found = Found::kDamaged;
      return lookup;
    case HeaderState::kNewer:
      lookup.found = Found::kNewer;
      return lookup;
    case HeaderState::kSound:
      break;
  }
  if (is_expired(lookup.header.info, unix_now_ms())) {
    lookup.found = Found::kExpired;
  } else {
    lookup.found = read_payload(txn, lookup.header, lookup.payload) ? Found::kSound : Found::kDamaged;
  }
  return lookup;
}

// Copies and checks in one pass. The copy is what is checked, for it is what is delivered.
bool LmdbCache::read_payload(MDB_txn* txn, const EntryHeader& header, Bytes& payload) const {
  if (header.payload_bytes > environment_->capacity_bytes()) return false;
  const std::size_t size = header.payload_bytes;
  payload.clear();
  payload.reserve(size);  // and append: nothing is filled with zeros first
  Checksum sum;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < size; at = payload.size(), ++number) {
    const auto chunk = environment_->tables().chunk(txn, header.id, number, std::min(kChunkBytes, size - at));
    if (!chunk) return false;
    payload.insert(payload.end(), chunk->begin(), chunk->end());
    sum.update(payload.data() + at, chunk->size());
  }
  return sum.digest() == header.payload_checksum;
}

// Erases an entry that a reader found damaged or expired, unless somebody is writing: a lookup never waits, and the
// next one comes by here again. It is looked at anew because it may have been replaced meanwhile.
void LmdbCache::drop_unsound(const CacheKey& key) {
  const auto turn = environment_->try_writing();
  if (!turn) return;
  Transaction writing(environment_->handle(), 0);
  const Found found = look_up(writing.get(), key).found;
  if (found != Found::kDamaged && found != Found::kExpired) return;
  environment_->tables().erase(writing.get(), key);
  writing.commit();
}

Environment::WriterTurn LmdbCache::writer_turn() {
  auto turn = environment_->begin_writing(lock_timeout_);
  if (turn) return std::move(*turn);
  throw Error(ErrorCode::kCache, "another process has been writing to the store '" + environment_->folder().path() +
                                     "' for " + std::to_string(lock_timeout_.count()) + " ms");
}

StoreOutcome LmdbCache::store(const CacheKey& key, const CacheEntry& entry) {
  check_limits(entry);
  return translated([&] {
    const std::uint64_t capacity = environment_->capacity_pages();
    const std::uint64_t needed = PictureTables::pages_for(entry.payload->size(), environment_->page_bytes());
    if (needed > capacity * kLargestEntryPercent / 100) {
      erase(key);  // the entry that was there is no longer what was stored last
      return StoreOutcome::kTooLarge;
    }
    const EntryHeader header = make_header(entry, unix_now_ms());
    const Environment::WriterTurn turn = writer_turn();
    const std::uint64_t goal = capacity * kEvictPercent / 100 - needed;
    bool is_stored = put(key, header, *entry.payload, needed);
    for (const std::uint64_t percent : kFragmentedPercents) {
      if (is_stored) break;
      evict_down_to(std::min(goal, capacity * percent / 100));
      is_stored = put(key, header, *entry.payload, needed);
    }
    if (!is_stored) return StoreOutcome::kTooFull;
    HitCounters::add(counters_.stores);
    return StoreOutcome::kStored;
  });
}

// Makes room and writes, in one transaction; false when the map has no run of free pages that would do.
bool LmdbCache::put(const CacheKey& key, const EntryHeader& header, const Bytes& payload, std::uint64_t needed_pages) {
  const PictureTables& tables = environment_->tables();
  const std::uint64_t capacity = environment_->capacity_pages();
  try {
    Transaction writing(environment_->handle(), 0);
    const std::uint64_t evicted = tables.evict(writing.get(), capacity * kEvictPercent / 100 - needed_pages);
    if (tables.pages_in_use(writing.get()) + needed_pages > capacity * kAdmitPercent / 100) return false;
    tables.put(writing.get(), key, header, payload);
    writing.commit();
    HitCounters::add(counters_.evictions, evicted);
    return true;
  } catch (const LmdbFailure& failure) {
    if (failure.code() == MDB_MAP_FULL || failure.code() == MDB_TXN_FULL) return false;
    throw;
  }
}

// Commits what it evicts, so that the pages are free for the next transaction.
void LmdbCache::evict_down_to(std::uint64_t pages) {
  Transaction writing(environment_->handle(), 0);
  const std::uint64_t evicted = environment_->tables().evict(writing.get(), pages);
  writing.commit();
  HitCounters::add(counters_.evictions, evicted);
}

bool LmdbCache::erase(const CacheKey& key) {
  return translated([&] {
    const Environment::WriterTurn turn = writer_turn();
    Transaction writing(environment_->handle(), 0);
    const bool was_there = environment_->tables().erase(writing.get(), key);
    if (was_there) writing.commit();
    return was_there;
  });
}

void LmdbCache::list(const EntryVisitor& visit) {
  std::optional<CacheKey> last;
  for (;;) {
    const auto batch = translated([&] {
      const Environment::Reading reading(*environment_);
      return environment_->tables().list(reading.txn(), last, kListBatch);
    });
    if (batch.empty()) return;
    for (const auto& [key, raw] : batch) {
      EntryHeader header;
      if (decode_header(raw.data(), raw.size(), key, header) != HeaderState::kSound) continue;
      if (!visit(key, header.info, header.payload_bytes)) return;
    }
    last = batch.back().key;
  }
}

std::uint64_t LmdbCache::erase_if(const EntryVisitor& match) {
  std::uint64_t erased = 0;
  std::optional<CacheKey> last;
  for (;;) {
    const bool is_over = translated([&] {
      const Environment::WriterTurn turn = writer_turn();
      Transaction writing(environment_->handle(), 0);
      const auto batch = environment_->tables().list(writing.get(), last, kListBatch);
      if (batch.empty()) return true;
      for (const auto& [key, raw] : batch) {
        EntryHeader header;
        if (decode_header(raw.data(), raw.size(), key, header) != HeaderState::kSound) continue;
        if (!match(key, header.info, header.payload_bytes)) continue;
        erased += environment_->tables().erase(writing.get(), key) ? 1 : 0;
      }
      writing.commit();
      last = batch.back().key;
      return false;
    });
    if (is_over) return erased;
  }
}

VerifyReport LmdbCache::verify(const std::function<bool(const VerifyReport&)>& on_progress) {
  VerifyReport report;
  std::optional<CacheKey> last;
  for (;;) {
    const auto batch = translated([&] {
      const Environment::Reading reading(*environment_);
      return environment_->tables().list(reading.txn(), last, kListBatch);
    });
    if (batch.empty()) return report;
    for (const auto& listed : batch) {
      const Lookup lookup = translated([&] {
        const Environment::Reading reading(*environment_);
        return look_up(reading.txn(), listed.key);
      });
      if (lookup.found == Found::kAbsent || lookup.found == Found::kExpired) continue;
      ++report.entries;
      const bool is_sound =
          lookup.found == Found::kSound &&
          base::sha256(lookup.payload.data(), lookup.payload.size()) == lookup.header.info.payload_sha256;
      if (lookup.found == Found::kNewer) {
        ++report.unreadable;
      } else if (is_sound) {
        report.payload_bytes += lookup.payload.size();
      } else {
        ++report.damaged;
        HitCounters::add(counters_.corrupt);
        erase(listed.key);
      }
      if (on_progress && !on_progress(report)) return report;
    }
    last = batch.back().key;
  }
}

CacheStats LmdbCache::stats() {
  return translated([&] {
    CacheStats stats;
    counters_.copy_to(stats);
    const PictureTables& tables = environment_->tables();
    const Environment::Reading reading(*environment_);
    stats.entries = tables.entry_count(reading.txn());
    stats.payload_bytes = tables.payload_bytes(reading.txn());
    stats.used_bytes = tables.pages_in_use(reading.txn()) * environment_->page_bytes();
    stats.capacity_bytes = environment_->capacity_bytes();
    return stats;
  });
}

std::string LmdbCache::description() const {
  return "lmdb:" + environment_->folder().path();
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> open_lmdb_cache(const LmdbOptions& options) {
  using cache::kMaxCapacity;
  using cache::kMinCapacity;
  if (options.path.empty() || options.path.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, "the store's path is empty or holds a NUL; a folder is expected");
  }
  LmdbOptions rounded = options;
  rounded.capacity_bytes = options.capacity_bytes / 65536 * 65536;  // whole pages of any machine
  if (options.capacity_bytes != 0 && (rounded.capacity_bytes < kMinCapacity || rounded.capacity_bytes > kMaxCapacity)) {
    throw Error(ErrorCode::kInvalidArgument, "the store's size is " + std::to_string(options.capacity_bytes) +
                                                 " bytes; " + std::to_string(kMinCapacity) + " (4 MiB) to " +
                                                 std::to_string(kMaxCapacity) + " (16 TiB) are expected");
  }
  return std::make_shared<cache::LmdbCache>(cache::share_environment(rounded),
                                            std::chrono::milliseconds(options.lock_timeout_ms));
}

}  // namespace v0
}  // namespace zimg
