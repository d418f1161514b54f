// MemoryCache keeps pictures in this process: payloads are shared, never copied, and the least recently used goes
// first.
//
// Thread-safe: one lock, held for a lookup and a move in a list, never while octets are read.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cache/hit_counters.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

class MemoryCache final : public ICache {
 public:
  explicit MemoryCache(std::uint64_t capacity_bytes);

  std::optional<CacheEntry> find(const CacheKey& key) override;
  StoreOutcome store(const CacheKey& key, const CacheEntry& entry) override;
  bool erase(const CacheKey& key) override;
  void list(const EntryVisitor& visit) override;
  CacheStats stats() override;
  std::string description() const override;

 private:
  struct Kept {
    CacheEntry entry;
    std::list<CacheKey>::iterator place;  // in recency_
  };
  using Table = std::map<CacheKey, Kept>;  // ordered, because list() is

  void remove(Table::iterator kept);

  const std::uint64_t capacity_bytes_;
  HitCounters counters_;
  mutable std::mutex mutex_;
  Table table_;                   // guarded by mutex_
  std::list<CacheKey> recency_;   // guarded by mutex_; the most recently used first
  std::uint64_t used_bytes_ = 0;  // guarded by mutex_
};

}  // namespace zimg::cache
