// LmdbCache: what a store writes, and what it evicts to have room for it.
#include <lmdb.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "cache/lmdb/lmdb_cache.hpp"
#include "cache/lmdb/transaction.hpp"
#include "telemetry/cache_notes.hpp"

namespace zimg::cache {
namespace {

// Nothing is admitted beyond this, which only pinned entries can bring about.
constexpr std::uint64_t kAdmitPercent = 95;
// Where runs of free pages are too short for a chunk although enough pages are free, more of them help.
constexpr std::uint64_t kFragmentedPercents[] = {78, 70, 60};
// No entry takes more of the room than this, so that one picture cannot push out all others.
constexpr std::uint64_t kLargestEntryPercent = 25;
// store_all() commits so much at once: enough to hide the cost of a sync, little enough to leave room for others.
constexpr std::uint64_t kBatchBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kBatchPercent = 10;

// Where each key of a batch stands for the last time.
std::map<CacheKey, std::size_t> last_places(std::span<const KeyedEntry> batch) {
  std::map<CacheKey, std::size_t> places;
  for (std::size_t i = 0; i < batch.size(); ++i) places.insert_or_assign(batch[i].key, i);
  return places;
}

}  // namespace

std::uint64_t payload_room(std::uint64_t capacity_bytes) noexcept {
  return capacity_bytes / 100 * kEvictPercent;
}

// In a writer's turn: erases what was under `key` before a store that was refused: it is no longer what was stored
// last.
void LmdbCache::forget(const CacheKey& key) {
  if (unless_full([&] { erase_committed(key); })) return;
  const Environment::Reading reading(*environment_);
  const auto raw = environment_->tables().committed_header(reading.txn(), key);
  EntryHeader header;  // what cannot be read is a miss anyway
  if (!raw || decode_header(raw->data(), raw->size(), key, header) != HeaderState::kSound) return;
  environment_->withdrawn().add({key, header});
}

// Another process may have erased it since, and stored another under its key.
void LmdbCache::erase_withdrawn(MDB_txn* txn, const WithdrawnEntry& entry) const {
  const auto raw = environment_->tables().header(txn, entry.key);
  EntryHeader header;
  if (!raw || decode_header(raw->data(), raw->size(), entry.key, header) != HeaderState::kSound) return;
  if (entry.is(header)) environment_->tables().erase(txn, entry.key);
}

bool LmdbCache::erase_committed(const CacheKey& key) {
  Transaction writing(environment_->handle(), 0);
  const bool was_there = environment_->tables().erase(writing.get(), key);
  if (was_there) environment_->commit(writing);
  environment_->withdrawn().remove(key);
  return was_there;
}

// The octets to write: encrypted, and `header` with them, where the namespace has a secret.
SharedBytes LmdbCache::sealed(const CacheKey& key, EntryHeader& header, const SharedBytes& payload) const {
  if (!seals_.seals(header.info.name_space)) return payload;
  return std::make_shared<const Bytes>(seals_.seal(key, header, *payload));
}

StoreOutcome LmdbCache::store(const CacheKey& key, const CacheEntry& entry) {
  check_limits(entry);
  return translated([&] {
    const std::int64_t now = now_ms_();
    EntryHeader header = make_header(entry, now);
    header.info.expires_at_ms = rules_.expires_at_ms(header.info, key, now);
    const SharedBytes payload = sealed(key, header, entry.payload);
    const StoreOutcome outcome = put_or_forget(key, header, *payload);
    if (outcome != StoreOutcome::kStored) {
      usage_.rejected();
      return outcome;
    }
    usage_.stored(key, header.info, header.payload_bytes);
    warn_where_it_is_full();
    return outcome;
  });
}

// In one turn: what another process stores in between is not forgotten.
StoreOutcome LmdbCache::put_or_forget(const CacheKey& key, const EntryHeader& header, const Bytes& payload) {
  const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
  const StoreOutcome outcome = put_or_evict(key, header, payload);
  if (outcome != StoreOutcome::kStored) forget(key);
  return outcome;
}

StoreOutcome LmdbCache::put_or_evict(const CacheKey& key, const EntryHeader& header, const Bytes& payload) {
  const std::uint64_t capacity = environment_->capacity_pages();
  const std::uint64_t needed = PictureTables::pages_for(payload.size(), environment_->page_bytes());
  if (needed > capacity * kLargestEntryPercent / 100) return StoreOutcome::kTooLarge;
  const std::uint64_t limit = rules_.limit_bytes(header.info.name_space);
  if (limit != 0 && payload.size() > limit) return StoreOutcome::kOverQuota;
  const std::uint64_t goal = capacity * kEvictPercent / 100 - needed;
  Put done = put(key, header, payload, needed);
  for (const std::uint64_t percent : kFragmentedPercents) {
    if (done != Put::kFragmented) break;
    if (!evict_down_to(key, header, std::min(goal, capacity * percent / 100))) break;
    done = put(key, header, payload, needed);
  }
  switch (done) {
    case Put::kDone:
      return StoreOutcome::kStored;
    case Put::kOverQuota:
      return StoreOutcome::kOverQuota;
    case Put::kNoRoom:
    case Put::kFragmented:
      break;
  }
  return StoreOutcome::kTooFull;
}

// Makes room and writes, in one transaction.
LmdbCache::Put LmdbCache::put(const CacheKey& key, const EntryHeader& header, const Bytes& payload,
                              std::uint64_t needed_pages) {
  const PictureTables& tables = environment_->tables();
  const std::string& name_space = header.info.name_space;
  const std::uint64_t capacity = environment_->capacity_pages();
  const std::vector<WithdrawnEntry> withdrawn = environment_->withdrawn().all();
  Put done = Put::kDone;
  const bool had_room = unless_full([&] {
    Transaction writing(environment_->handle(), 0);
    MDB_txn* const txn = writing.get();
    begin_warning(txn);
    for (const WithdrawnEntry& old : withdrawn) erase_withdrawn(txn, old);
    tables.erase(txn, key);
    const std::uint64_t kept_free = needed_pages + pages_reserved_for_others(txn, name_space);
    const auto below = [&](std::uint64_t percent) {
      const std::uint64_t pages = capacity * percent / 100;
      return pages - std::min(pages, kept_free);
    };
    const std::uint64_t limit = rules_.limit_bytes(name_space);
    const bool is_over_limit = limit != 0 && tables.taken_by(txn, name_space) + payload.size() > limit;
    std::vector<Eviction::Evicted> evicted;
    if (is_over_limit || tables.pages_in_use(txn) > below(kEvictPercent)) {
      bool is_within_limit = true;
      with_eviction(txn, key, header, [&](Eviction& eviction) {
        is_within_limit = !is_over_limit || eviction.own_down_to(limit - payload.size());
        if (is_within_limit) eviction.down_to_pages(below(kEvictPercent));
        evicted = eviction.evicted();
      });
      if (!is_within_limit) {
        done = Put::kOverQuota;
        return;
      }
    }
    if (tables.pages_in_use(txn) > below(kAdmitPercent)) {
      const std::uint64_t most = capacity * kAdmitPercent / 100 - needed_pages;
      done = would_fit_unreserved(txn, name_space, most) ? Put::kOverQuota : Put::kNoRoom;
      return;
    }
    tables.put(txn, key, header, payload);
    environment_->commit(writing);
    for (const WithdrawnEntry& old : withdrawn) environment_->withdrawn().remove(old.key);
    count_evicted(evicted);
  });
  return had_room ? done : Put::kFragmented;
}

// Commits what it evicts, so that the pages are free for the next transaction. False where the full map has no room
// even for that.
bool LmdbCache::evict_down_to(const CacheKey& key, const EntryHeader& header, std::uint64_t pages) {
  return unless_full([&] {
    Transaction writing(environment_->handle(), 0);
    std::vector<Eviction::Evicted> evicted;
    with_eviction(writing.get(), key, header, [&](Eviction& eviction) {
      eviction.down_to_pages(pages);
      evicted = eviction.evicted();
    });
    environment_->commit(writing);
    count_evicted(evicted);
  });
}

// Once it is committed: what a transaction evicts that fails has not gone.
void LmdbCache::count_evicted(const std::vector<Eviction::Evicted>& evicted) {
  for (const auto& [key, name_space] : evicted) {
    usage_.evicted(name_space);
    telemetry::CacheNoteScope::tell(telemetry::CacheNote::kEvicted, key, name_space);
  }
}

template <class Body>
void LmdbCache::with_eviction(MDB_txn* txn, const CacheKey& key, const EntryHeader& header, Body&& body) {
  const PictureTables& tables = environment_->tables();
  std::optional<FrequencySketch> frequencies;
  if (weighs_entries_) frequencies = usage_.frequencies(tables.entry_count(txn));
  Eviction eviction(
      txn, {tables, rules_, frequencies ? &*frequencies : nullptr, now_ms_(), key, header.info.name_space, age_hand_});
  body(eviction);
}

std::uint64_t LmdbCache::pages_reserved_for_others(MDB_txn* txn, const std::string& name_space) const {
  const auto taken = [&](const std::string& name) { return environment_->tables().taken_by(txn, name); };
  const std::uint64_t bytes = rules_.reserved_for_others(name_space, taken);
  return (bytes + environment_->page_bytes() - 1) / environment_->page_bytes();
}

// Once nothing more may go for `name_space`: whether at most `most_pages` would be in use if nothing were reserved for
// others, for whose sake alone stays what is not pinned.
bool LmdbCache::would_fit_unreserved(MDB_txn* txn, const std::string& name_space, std::uint64_t most_pages) const {
  if (!rules_.reserves_for_others(name_space)) return false;
  const PictureTables& tables = environment_->tables();
  std::uint64_t pages = tables.pages_in_use(txn);
  std::optional<CacheKey> last;
  while (pages > most_pages) {
    const auto batch = tables.list(txn, last, kListBatch);
    if (batch.empty()) return false;
    for (const auto& [key, raw] : batch) {
      EntryHeader header;
      if (decode_header(raw.data(), raw.size(), key, header) != HeaderState::kSound || header.info.is_pinned) continue;
      if (!tables.header(txn, key)) continue;  // listed as it was before this transaction, which has evicted it
      pages -= std::min(pages, PictureTables::pages_for(header.payload_bytes, environment_->page_bytes()));
    }
    last = batch.back().key;
  }
  return true;
}

// Before the first store, at the latest: opening is for those too who only look.
void LmdbCache::begin_warning(MDB_txn* txn) {
  if (is_warning_begun_ || !warning_.is_wanted()) return;
  is_warning_begun_ = true;
  warning_.begin_at(environment_->tables().pages_in_use(txn) * environment_->page_bytes(),
                    environment_->capacity_bytes());
}

void LmdbCache::warn_where_it_is_full() {
  if (!warning_.is_wanted()) return;
  const Environment::Reading reading(*environment_);
  warning_.look_at(environment_->tables().pages_in_use(reading.txn()) * environment_->page_bytes(),
                   environment_->capacity_bytes(), description());
}

// What does not fit without an eviction is stored one by one, and store() decides who goes.
std::vector<StoreOutcome> LmdbCache::store_all(const std::vector<KeyedEntry>& entries) {
  for (const KeyedEntry& keyed : entries) check_limits(keyed.entry);
  std::vector<StoreOutcome> outcomes(entries.size(), StoreOutcome::kStored);
  for (std::size_t begin = 0, end = 0; begin < entries.size(); begin = end) {
    const bool is_stored = translated([&] {
      end = batch_end(entries, begin);
      return end - begin > 1 && store_batch(std::span(entries).subspan(begin, end - begin));
    });
    for (std::size_t i = begin; i < end && !is_stored; ++i) outcomes[i] = store(entries[i].key, entries[i].entry);
  }
  return outcomes;
}

// Behind the last entry that one transaction takes, at least one.
std::size_t LmdbCache::batch_end(const std::vector<KeyedEntry>& entries, std::size_t begin) const {
  const std::uint64_t limit =
      std::min(kBatchBytes / environment_->page_bytes(), environment_->capacity_pages() * kBatchPercent / 100);
  std::uint64_t pages = 0;
  std::size_t end = begin;
  for (; end < entries.size(); ++end) {
    pages += PictureTables::pages_for(entries[end].entry.payload->size(), environment_->page_bytes());
    if (pages > limit) break;
  }
  return std::max(end, begin + 1);
}

// False when something would have to go for it, or a quota has a say. Of entries with the same key only the last is
// written: chunks cannot be erased by the transaction that wrote them.
bool LmdbCache::store_batch(std::span<const KeyedEntry> batch) {
  if (rules_.has_quotas()) return false;
  const PictureTables& tables = environment_->tables();
  const std::int64_t now = now_ms_();
  const std::map<CacheKey, std::size_t> last = last_places(batch);
  std::vector<EntryHeader> headers;
  std::vector<SharedBytes> payloads;
  std::uint64_t needed = 0;
  for (const auto& [key, entry] : batch) {
    headers.push_back(make_header(entry, now));
    headers.back().info.expires_at_ms = rules_.expires_at_ms(headers.back().info, key, now);
    payloads.push_back(sealed(key, headers.back(), entry.payload));
    needed += PictureTables::pages_for(entry.payload->size(), environment_->page_bytes());
  }
  {
    const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
    bool is_committed = false;
    unless_full([&] {
      Transaction writing(environment_->handle(), 0);
      begin_warning(writing.get());
      const std::uint64_t room = environment_->capacity_pages() * kEvictPercent / 100;
      if (tables.pages_in_use(writing.get()) + needed > room) return;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (last.at(batch[i].key) == i) tables.put(writing.get(), batch[i].key, headers[i], *payloads[i]);
      }
      environment_->commit(writing);
      for (const KeyedEntry& keyed : batch) environment_->withdrawn().remove(keyed.key);
      is_committed = true;
    });
    if (!is_committed) return false;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    usage_.stored(batch[i].key, headers[i].info, headers[i].payload_bytes);
  }
  warn_where_it_is_full();
  return true;
}

}  // namespace zimg::cache
