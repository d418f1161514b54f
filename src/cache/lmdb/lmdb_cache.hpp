// LmdbCache keeps pictures in a store on disk, shared by threads and processes. It outlives them all: what store()
// acknowledged was committed with a full sync.
//
// No view into the map leaves a method: payloads are copied out, and checked in the same pass.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call_gate.hpp"
#include "base/closed.hpp"
#include "base/scope_exit.hpp"
#include "cache/entry_codec.hpp"
#include "cache/entry_seal.hpp"
#include "cache/lmdb/environment.hpp"
#include "cache/lmdb/eviction.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/policy/fill_warning.hpp"
#include "cache/policy/namespace_rules.hpp"
#include "cache/policy/usage_recorder.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

// Eviction begins at this share of the room. The rest is what a transaction writes before the pages it frees can be
// used again, and what readers keep from being used.
inline constexpr std::uint64_t kEvictPercent = 85;
// Entries that are listed at once.
inline constexpr std::size_t kListBatch = 256;

class LmdbCache final : public ICache {
 public:
  // The environment may have been opened by another path than `options.path`, which leads to it as well.
  LmdbCache(std::shared_ptr<Environment> environment, const LmdbOptions& options, EntrySeals seals);

  std::optional<CacheEntry> find(const CacheKey& key) override;
  std::optional<CacheEntry> try_find(const CacheKey& key) override;
  void count_miss(const CacheKey& key) override;
  std::optional<CacheEntry> peek(const CacheKey& key) override;
  StoreOutcome store(const CacheKey& key, const CacheEntry& entry) override;
  std::vector<StoreOutcome> store_all(const std::vector<KeyedEntry>& entries) override;
  bool contains(const CacheKey& key) override;
  DrawingClaim claim_drawing(const CacheKey& key) override;
  bool erase(const CacheKey& key) override;
  void touch(const CacheKey& key) override;
  void list(const EntryVisitor& visit) override;
  std::uint64_t erase_if(const EntryVisitor& match) override;
  bool pin(const CacheKey& key, bool is_pinned) override;
  std::vector<NamespaceStats> namespace_stats() override;
  VerifyReport verify(const std::function<bool(const VerifyReport&)>& on_progress) override;
  CacheStats stats() override;
  std::string description() const override;
  void close() override;

 private:
  enum class Found : std::uint8_t {
    kAbsent,
    kSound,
    kDamaged,
    kExpired,
    kForeign
  };  // of a newer zimg or another secret
  struct Lookup {
    Found found = Found::kAbsent;
    EntryHeader header;
    Bytes payload;
  };

  template <class Body>
  auto translated(Body&& body) const;
  Lookup look_up(const CacheKey& key);
  Lookup look_up(MDB_txn* txn, const CacheKey& key, const std::optional<WithdrawnEntry>& withdrawn) const;
  SharedBytes sealed(const CacheKey& key, EntryHeader& header, const SharedBytes& payload) const;
  bool is_sealed_as_expected(const EntryHeader& header) const;
  bool is_readable(const CacheKey& key, Lookup& lookup) const;
  void drop_unsound(const CacheKey& key);
  void forget(const CacheKey& key);
  void erase_withdrawn(MDB_txn* txn, const WithdrawnEntry& entry) const;
  bool erase_committed(const CacheKey& key);
  // What stands in the way of a store: nothing, the policy, or that no run of free pages is long enough.
  enum class Put : std::uint8_t { kDone, kNoRoom, kFragmented, kOverQuota };
  Put put(const CacheKey& key, const EntryHeader& header, const Bytes& payload, std::uint64_t needed_pages);
  std::size_t batch_end(const std::vector<KeyedEntry>& entries, std::size_t begin) const;
  bool store_batch(std::span<const KeyedEntry> batch);
  void begin_warning(MDB_txn* txn);
  void warn_where_it_is_full();
  StoreOutcome put_or_forget(const CacheKey& key, const EntryHeader& header, const Bytes& payload);
  StoreOutcome put_or_evict(const CacheKey& key, const EntryHeader& header, const Bytes& payload);
  bool evict_down_to(const CacheKey& key, const EntryHeader& header, std::uint64_t pages);
  void count_evicted(const std::vector<Eviction::Evicted>& evicted);
  template <class Body>
  void with_eviction(MDB_txn* txn, const CacheKey& key, const EntryHeader& header, Body&& body);
  std::uint64_t pages_reserved_for_others(MDB_txn* txn, const std::string& name_space) const;
  bool would_fit_unreserved(MDB_txn* txn, const std::string& name_space, std::uint64_t most_pages) const;

  mutable base::CallGate gate_;               // around every use of environment_
  std::shared_ptr<Environment> environment_;  // null once closed
  const std::string path_;                    // absolute
  const pid_t owner_ = ::getpid();
  const std::chrono::milliseconds lock_timeout_;
  const EntrySeals seals_;
  const NamespaceRules rules_;
  const bool weighs_entries_;
  const std::function<std::int64_t()> now_ms_;
  FillWarning warning_;
  UsageRecorder usage_;
  std::uint64_t age_hand_ = 0;     // guarded by the writer's turn
  bool is_warning_begun_ = false;  // likewise
};

// Runs `body`, unless the cache was closed; what LMDB refused leaves as an Error.
template <class Body>
auto LmdbCache::translated(Body&& body) const {
  if (!gate_.enter()) base::throw_closed(*this);
  const base::ScopeExit leave([this] { gate_.leave(); });
  try {
    return body();
  } catch (const LmdbFailure& failure) {
    throw to_error(failure, path_);
  }
}

// What the payloads of a store of this size may take together.
std::uint64_t payload_room(std::uint64_t capacity_bytes) noexcept;

// `options` with their path made absolute and their size rounded to what a store may have. Errors: kInvalidArgument;
// kCache for a relative path in a folder that is gone.
LmdbOptions checked_options(const LmdbOptions& options);

}  // namespace zimg::cache
