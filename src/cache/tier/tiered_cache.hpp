// TieredCache is a small fast cache before a large lasting one. What counts is in the lower one; the upper one holds
// copies, and what it fails at is passed over.
//
// An entry that another process erases, replaces, pins or unpins below may be served from above as it was until this
// process closes the cache: equal keys are equal pictures, so that is no lie.
//
// What is pinned is kept by the lower cache. Its copy above is stored unpinned, so that it goes when others are asked
// for more; what this cache knows to be pinned it says of the copy.
//
// Thread-safe: a lock is held while the upper cache is written, never while it is read or verified.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cache/tier/pinned_keys.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

class TieredCache final : public ICache {
 public:
  TieredCache(std::shared_ptr<ICache> upper, std::shared_ptr<ICache> lower);

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
  void refuse_if_closed() const;
  std::uint64_t generation();
  template <class Change>
  void change_upper(Change&& change);
  bool copy_up(const CacheKey& key, const CacheEntry& entry);

  const pid_t owner_ = ::getpid();
  std::atomic<bool> is_closed_{false};
  const std::shared_ptr<ICache> upper_;
  const std::shared_ptr<ICache> lower_;
  PinnedKeys pinned_;             // of the lower cache
  std::mutex mutex_;              // around changes of the upper cache
  std::uint64_t generation_ = 0;  // guarded by mutex_; grows with each change that did not come from below
};

}  // namespace zimg::cache
