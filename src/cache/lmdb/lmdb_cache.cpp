#include "cache/lmdb/lmdb_cache.hpp"

#include <lmdb.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "cache/lmdb/drawing_lock.hpp"
#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/store_verification.hpp"
#include "cache/lmdb/transaction.hpp"
#include "telemetry/cache_notes.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

// A store is gone back to for as long as it is open, wherever its process moves meanwhile.
std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (!error) return absolute;
  throw base::system_error(ErrorCode::kCache, "cannot tell from the working folder where the store lies:", path,
                           error.value());
}

// Of a policy that makes sense by itself: a store that is too small for it is no wrong use of the caller's.
NamespaceRules rules_for(const CachePolicy& policy, std::uint64_t capacity_bytes) {
  try {
    return {policy, capacity_bytes};
  } catch (const Error& error) {
    throw Error(ErrorCode::kCache, error.what());
  }
}

// What `match` says of an entry. Of one that is damaged or of a newer zimg no more is known than its key and its pin:
// it is matched where the rest does not matter, and neither the least that there could be nor the most changes the
// answer.
bool is_matched(const EntryVisitor& match, const CacheKey& key, const Bytes& raw) {
  EntryHeader header;
  if (decode_header(raw.data(), raw.size(), key, header) == HeaderState::kSound) {
    return match(key, header.info, header.payload_bytes);
  }
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  constexpr std::int64_t kLateMs = 200'000'000'000'000;  // a time that every language has a value for
  const auto prefix = decode_prefix(raw.data(), raw.size());
  EntryInfo least;
  least.is_pinned = prefix && prefix->is_pinned;
  EntryInfo most = least;
  most.format = ImageFormat::kJpeg;
  most.width = most.height = most.seed = most.steps = kMost;
  most.guidance = most.draw_ms = std::numeric_limits<double>::max();
  most.stored_at_ms = most.expires_at_ms = kLateMs;
  most.name_space = most.model = most.tag = "?";
  most.payload_sha256.fill(0xff);
  return match(key, least, 0) && match(key, most, kMaxCapacity);
}

}  // namespace

LmdbCache::LmdbCache(std::shared_ptr<Environment> environment, const LmdbOptions& options, EntrySeals seals)
    : environment_(std::move(environment)),
      path_(options.path),
      lock_timeout_(options.lock_timeout_ms),
      seals_(std::move(seals)),
      rules_(rules_for(options.policy, environment_->capacity_bytes())),
      weighs_entries_(options.policy.weighs_entries),
      now_ms_(options.policy.now_ms ? options.policy.now_ms : unix_now_ms),
      warning_(options.policy.on_warning, kEvictPercent),
      usage_("usage", payload_room(environment_->capacity_bytes()), environment_->held_folder().descriptor()) {}

void LmdbCache::close() {
  if (::getpid() != owner_ || !gate_.close()) return;
  usage_.close();  // before the folder goes that it lies in
  environment_.reset();
}

std::optional<CacheEntry> LmdbCache::find(const CacheKey& key) {
  auto found = try_find(key);
  if (!found) count_miss(key);
  return found;
}

void LmdbCache::count_miss(const CacheKey& key) {
  translated([&] {
    base::expect_owner(*this, owner_);
    usage_.miss(key);
  });
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
  const auto withdrawn = environment_->withdrawn_under(key);
  {
    const Environment::Reading reading(*environment_);
    lookup = look_up(reading.txn(), key, withdrawn);
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

LmdbCache::Lookup LmdbCache::look_up(MDB_txn* txn, const CacheKey& key,
                                     const std::optional<WithdrawnEntry>& withdrawn) const {
  Lookup lookup;
  const auto raw = environment_->tables().committed_header(txn, key);
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
  if (withdrawn && withdrawn->is(lookup.header)) return {};
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

// Erases an entry that a reader found damaged or expired, unless somebody is writing, the full map has no room for it
// or the records around it are damaged: a lookup never waits, and the next one comes by here again. It is looked at
// anew because it may have been replaced meanwhile.
void LmdbCache::drop_unsound(const CacheKey& key) {
  const auto turn = environment_->try_writing();
  if (!turn) return;
  try {
    Transaction writing(environment_->handle(), 0);
    const Found found = look_up(writing.get(), key, std::nullopt).found;
    if (found != Found::kDamaged && found != Found::kExpired) return;
    environment_->tables().erase(writing.get(), key);
    environment_->commit(writing);
  } catch (const LmdbFailure& failure) {
    if (!tells_no_room(failure.code()) && !tells_damage(failure.code())) throw;
  }
}

bool LmdbCache::contains(const CacheKey& key) {
  return translated([&] {
    const auto withdrawn = environment_->withdrawn_under(key);
    const Environment::Reading reading(*environment_);
    const auto raw = environment_->tables().committed_header(reading.txn(), key);
    EntryHeader header;
    return raw && decode_header(raw->data(), raw->size(), key, header) == HeaderState::kSound &&
           !(withdrawn && withdrawn->is(header)) && !is_expired(header.info, now_ms_()) &&
           is_sealed_as_expected(header);
  });
}

DrawingClaim LmdbCache::claim_drawing(const CacheKey& key) {
  return translated([&] {
    environment_->check_place(path_);
    return cache::claim_drawing(StoreFolder(path_).file("drawing.lock"), key);
  });
}

bool LmdbCache::erase(const CacheKey& key) {
  return translated([&] {
    const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
    return erase_committed(key);
  });
}

void LmdbCache::touch(const CacheKey& key) {
  translated([&] {
    base::expect_owner(*this, owner_);
    usage_.touch(key);
  });
}

bool LmdbCache::pin(const CacheKey& key, bool is_pinned) {
  return translated([&] {
    const Environment::WriterTurn turn = environment_->begin_writing(lock_timeout_);
    Transaction writing(environment_->handle(), 0);
    const auto withdrawn = environment_->withdrawn_under(key);
    const auto raw = environment_->tables().header(writing.get(), key);
    EntryHeader header;
    if (!raw || decode_header(raw->data(), raw->size(), key, header) != HeaderState::kSound ||
        (withdrawn && withdrawn->is(header)) || is_expired(header.info, now_ms_())) {
      return false;
    }
    if (header.info.is_pinned == is_pinned) return true;
    header.info.is_pinned = is_pinned;
    environment_->tables().put_header(writing.get(), key, header);
    environment_->commit(writing);
    return true;
  });
}

std::vector<NamespaceStats> LmdbCache::namespace_stats() {
  std::vector<NamespaceStats> parts = ICache::namespace_stats();
  translated([&] { usage_.copy_to(parts); });
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
      std::vector<CacheKey> gone;
      for (const auto& [key, raw] : batch) {
        if (!is_matched(match, key, raw)) continue;
        if (environment_->tables().erase(writing.get(), key)) gone.push_back(key);
      }
      environment_->commit(writing);
      for (const CacheKey& key : gone) environment_->withdrawn().remove(key);
      erased += gone.size();
      last = batch.back().key;
      return false;
    });
    if (is_over) return erased;
  }
}

VerifyReport LmdbCache::verify(const std::function<bool(const VerifyReport&)>& on_progress) {
  return translated([&] {
    environment_->check_place(path_);
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
      const auto raw = tables.committed_header(reading.txn(), oldest->key);
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

LmdbOptions checked_options(const LmdbOptions& options) {
  if (options.path.empty() || options.path.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, "the store's path is empty or holds a NUL; a folder is expected");
  }
  LmdbOptions rounded = options;
  rounded.path = absolute_path(options.path);
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
  return std::make_shared<cache::LmdbCache>(cache::share_environment(checked), checked, std::move(seals));
}

}  // namespace v0
}  // namespace zimg
