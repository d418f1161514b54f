#include "cache/lmdb/lmdb_cache.hpp"

#include <lmdb.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/scope_exit.hpp"
#include "cache/lmdb/drawing_lock.hpp"
#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/store_verification.hpp"
#include "cache/lmdb/transaction.hpp"
#include "telemetry/cache_notes.hpp"
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
// store_all() commits so much at once: enough to hide the cost of a sync, little enough to leave room for others.
constexpr std::uint64_t kBatchBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kBatchPercent = 10;

// Runs `body`, which writes; false where the full map had no room for it, and then nothing was changed.
template <class Body>
bool unless_full(Body&& body) {
  try {
    body();
    return true;
  } catch (const LmdbFailure& failure) {
    if (!tells_no_room(failure.code())) throw;
    return false;
  }
}

}  // namespace

// Runs `body`, unless the cache was closed; what LMDB refused leaves as an Error.
template <class Body>
auto LmdbCache::translated(Body&& body) const {
  if (!gate_.enter()) throw Error(ErrorCode::kClosed, "the cache of the store '" + path_ + "' was closed");
  const base::ScopeExit leave([this] { gate_.leave(); });
  try {
    return body();
  } catch (const LmdbFailure& failure) {
    throw to_error(failure, path_);
  }
}

LmdbCache::LmdbCache(std::shared_ptr<Environment> environment, std::chrono::milliseconds lock_timeout,
                     const CachePolicy& policy, EntrySeals seals)
    : environment_(std::move(environment)),
      path_(environment_->folder().path()),
      lock_timeout_(lock_timeout),
      seals_(std::move(seals)),
      rules_(policy, environment_->capacity_bytes()),
      weighs_entries_(policy.weighs_entries),
      now_ms_(policy.now_ms ? policy.now_ms : unix_now_ms),
      warning_(policy.on_warning),
      usage_(environment_->folder().file("usage"), payload_room(environment_->capacity_bytes())) {}

void LmdbCache::close() {
  if (::getpid() == owner_ && gate_.close()) environment_.reset();
}

std::optional<CacheEntry> LmdbCache::find(const CacheKey& key) {
  auto found = try_find(key);
  if (!found) count_miss(key);
  return found;
}

void LmdbCache::count_miss(const CacheKey& key) {
  usage_.miss(key);
}

std::optional<CacheEntry> LmdbCache::try_find(const CacheKey& key) {
  return translated([&]() -> std::optional<CacheEntry> {
    Lookup lookup = look_up(key);
    if (lookup.found != Found::kSound) return std::nullopt;
    usage_.hit(key, lookup.header.info, lookup.payload.size());
    return CacheEntry{std::move(lookup.header.info), std::make_shared<const Bytes>(std::move(lookup.payload))};
  });
}

std::optional<CacheEntry> LmdbCache::peek(const CacheKey& key) {
  return translated([&]() -> std::optional<CacheEntry> {
    Lookup lookup = look_up(key);
    if (lookup.found != Found::kSound) return std::nullopt;
    return CacheEntry{std::move(lookup.header.info), std::make_shared<const Bytes>(std::move(lookup.payload))};
  });
}

// Drops what it finds damaged or expired.
LmdbCache::Lookup LmdbCache::look_up(const CacheKey& key) {
  Lookup lookup;
  if (environment_->is_withdrawn(key)) return lookup;
  {
    const Environment::Reading reading(*environment_);
    lookup = look_up(reading.txn(), key);
  }
  if (lookup.found == Found::kDamaged) {
    usage_.damaged();
    telemetry::CacheNoteScope::tell(telemetry::CacheNote::kCorrupt, key, "");
  }
  if (lookup.found == Found::kExpired) {
    usage_.expired();
    telemetry::CacheNoteScope::tell(telemetry::CacheNote::kExpired, key, lookup.header.info.name_space);
  }
  if (lookup.found == Found::kDamaged || lookup.found == Found::kExpired) drop_unsound(key);
  return lookup;
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
      lookup.found = Found::kForeign;
      return lookup;
    case HeaderState::kSound:
      break;
  }
  if (is_expired(lookup.header.info, now_ms_())) {
    lookup.found = Found::kExpired;
  } else if (!environment_->tables().read_payload(txn, lookup.header, environment_->capacity_bytes(), lookup.payload)) {
    lookup.found = Found::kDamaged;
  } else {
    lookup.found = is_readable(key, lookup) ? Found::kSound : Found::kForeign;
  }
  return lookup;
}

// What stands sealed or unsealed where the secrets given say otherwise is not ours.
bool LmdbCache::is_sealed_as_expected(const EntryHeader& header) const {
  return seals_.seals(header.info.name_space) == header.seal.has_value();
}

// Decrypts where that is called for.
bool LmdbCache::is_readable(const CacheKey& key, Lookup& lookup) const {
  if (!is_sealed_as_expected(lookup.header)) return false;
  return !lookup.header.seal || seals_.open(key, lookup.header, lookup.payload);
}

// Erases an entry that a reader found damaged or expired, unless somebody is writing or the full map has no room for
// it: a lookup never waits, and the next one comes by here again. It is looked at anew because it may have been
// replaced meanwhile.
void LmdbCache::drop_unsound(const CacheKey& key) {
  const auto turn = environment_->try_writing();
  if (!turn) return;
  unless_full([&] {
    Transaction writing(environment_->handle(), 0);
    const Found found = look_up(writing.get(), key).found;
    if (found != Found::kDamaged && found != Found::kExpired) return;
    environment_->tables().erase(writing.get(), key);
    writing.commit();
  });
}

// Erases what was under `key` before a store that was refused: it is no longer what was stored last.
void LmdbCache::forget(const CacheKey& key) {
  const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
  if (!unless_full([&] { erase_committed(key); })) environment_->withdrawn().add(key);
}

bool LmdbCache::erase_committed(const CacheKey& key) {
  Transaction writing(environment_->handle(), 0);
  const bool was_there = environment_->tables().erase(writing.get(), key);
  if (was_there) writing.commit();
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
    const StoreOutcome outcome = put_or_evict(key, header, *payload);
    if (outcome != StoreOutcome::kStored) {
      forget(key);
      usage_.rejected();
      return outcome;
    }
    usage_.stored(key, header.info, header.payload_bytes);
    warn_where_it_is_full();
    return outcome;
  });
}

StoreOutcome LmdbCache::put_or_evict(const CacheKey& key, const EntryHeader& header, const Bytes& payload) {
  const std::uint64_t capacity = environment_->capacity_pages();
  const std::uint64_t needed = PictureTables::pages_for(payload.size(), environment_->page_bytes());
  if (needed > capacity * kLargestEntryPercent / 100) return StoreOutcome::kTooLarge;
  const std::uint64_t limit = rules_.limit_bytes(header.info.name_space);
  if (limit != 0 && payload.size() > limit) return StoreOutcome::kOverQuota;
  const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
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
      return rules_.has_quotas() ? StoreOutcome::kOverQuota : StoreOutcome::kTooFull;
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
  const std::vector<CacheKey> withdrawn = environment_->withdrawn().all();
  Put done = Put::kDone;
  const bool had_room = unless_full([&] {
    Transaction writing(environment_->handle(), 0);
    MDB_txn* const txn = writing.get();
    begin_warning(txn);
    tables.count_namespaces(txn);
    for (const CacheKey& old : withdrawn) tables.erase(txn, old);
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
      done = Put::kNoRoom;
      return;
    }
    tables.put(txn, key, header, payload);
    writing.commit();
    for (const CacheKey& old : withdrawn) environment_->withdrawn().remove(old);
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
    writing.commit();
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

// False when something would have to go for it, or a quota has a say.
bool LmdbCache::store_batch(std::span<const KeyedEntry> batch) {
  if (rules_.has_quotas()) return false;
  const PictureTables& tables = environment_->tables();
  const std::int64_t now = now_ms_();
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
        tables.put(writing.get(), batch[i].key, headers[i], *payloads[i]);
      }
      writing.commit();
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

bool LmdbCache::contains(const CacheKey& key) {
  return translated([&] {
    if (environment_->is_withdrawn(key)) return false;
    const Environment::Reading reading(*environment_);
    const auto raw = environment_->tables().header(reading.txn(), key);
    EntryHeader header;
    return raw && decode_header(raw->data(), raw->size(), key, header) == HeaderState::kSound &&
           !is_expired(header.info, now_ms_()) && is_sealed_as_expected(header);
  });
}

DrawingClaim LmdbCache::claim_drawing(const CacheKey& key) {
  return translated([&] {
    environment_->check_usable();
    return cache::claim_drawing(environment_->folder().file("drawing.lock"), key);
  });
}

bool LmdbCache::erase(const CacheKey& key) {
  return translated([&] {
    const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
    return erase_committed(key);
  });
}

void LmdbCache::touch(const CacheKey& key) {
  usage_.touch(key);
}

bool LmdbCache::pin(const CacheKey& key, bool is_pinned) {
  return translated([&] {
    const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
    Transaction writing(environment_->handle(), 0);
    const auto raw = environment_->tables().header(writing.get(), key);
    EntryHeader header;
    if (!raw || environment_->is_withdrawn(key) ||
        decode_header(raw->data(), raw->size(), key, header) != HeaderState::kSound ||
        is_expired(header.info, now_ms_())) {
      return false;
    }
    if (header.info.is_pinned == is_pinned) return true;
    header.info.is_pinned = is_pinned;
    environment_->tables().put_header(writing.get(), key, header);
    writing.commit();
    return true;
  });
}

std::vector<NamespaceStats> LmdbCache::namespace_stats() {
  std::vector<NamespaceStats> parts = ICache::namespace_stats();
  usage_.copy_to(parts);
  return parts;
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
      const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
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
  return translated([&] {
    environment_->check_usable();
    return verify_store(path_, {seals_, now_ms_(), usage_}, on_progress);
  });
}

CacheStats LmdbCache::stats() {
  return translated([&] {
    CacheStats stats;
    const PictureTables& tables = environment_->tables();
    const Environment::Reading reading(*environment_);
    usage_.copy_to(stats);
    if (const auto oldest = tables.next_by_age(reading.txn(), 0)) {
      const auto raw = tables.header(reading.txn(), oldest->key);
      EntryHeader header;
      if (raw && decode_header(raw->data(), raw->size(), oldest->key, header) == HeaderState::kSound) {
        stats.oldest_stored_at_ms = header.info.stored_at_ms;
      }
    }
    stats.entries = tables.entry_count(reading.txn());
    stats.payload_bytes = tables.payload_bytes(reading.txn());
    stats.used_bytes = tables.pages_in_use(reading.txn()) * environment_->page_bytes();
    stats.capacity_bytes = environment_->capacity_bytes();
    return stats;
  });
}

std::string LmdbCache::description() const {
  return "lmdb:" + path_;
}

std::uint64_t payload_room(std::uint64_t capacity_bytes) noexcept {
  return capacity_bytes / 100 * kEvictPercent;
}

LmdbOptions checked_options(const LmdbOptions& options) {
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
  return rounded;
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> open_lmdb_cache(const LmdbOptions& options) {
  const LmdbOptions checked = cache::checked_options(options);
  cache::EntrySeals seals(checked.namespace_secrets);
  // Before a folder is made for them: the size of a store that is there, or is to be chosen, comes later.
  constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();
  const cache::NamespaceRules sensible(checked.policy, checked.capacity_bytes != 0 ? checked.capacity_bytes : kUnknown);
  return std::make_shared<cache::LmdbCache>(cache::share_environment(checked),
                                            std::chrono::milliseconds(checked.lock_timeout_ms), checked.policy,
                                            std::move(seals));
}

}  // namespace v0
}  // namespace zimg
