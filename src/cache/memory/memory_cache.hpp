// MemoryCache keeps pictures in this process: payloads are shared, never copied.
//
// Thread-safe: one lock, held for a lookup and a move in a list, or while victims are chosen, never while octets are
// read.
#pragma once

#include <unistd.h>

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "cache/policy/fill_warning.hpp"
#include "cache/policy/namespace_rules.hpp"
#include "cache/policy/usage_recorder.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

class MemoryCache final : public ICache {
 public:
  MemoryCache(std::uint64_t capacity_bytes, const CachePolicy& policy);

  std::optional<CacheEntry> find(const CacheKey& key) override;
  std::optional<CacheEntry> try_find(const CacheKey& key) override;
  void count_miss(const CacheKey& key) override;
  std::optional<CacheEntry> peek(const CacheKey& key) override;
  StoreOutcome store(const CacheKey& key, const CacheEntry& entry) override;
  bool contains(const CacheKey& key) override;
  DrawingClaim claim_drawing(const CacheKey& key) override;
  bool erase(const CacheKey& key) override;
  void touch(const CacheKey& key) override;
  void list(const EntryVisitor& visit) override;
  bool pin(const CacheKey& key, bool is_pinned) override;
  std::vector<NamespaceStats> namespace_stats() override;
  CacheStats stats() override;
  std::string description() const override;
  void close() override;

 private:
  struct Kept {
    CacheEntry entry;
    std::uint64_t id = 0;                 // grows with each store
    std::list<CacheKey>::iterator place;  // in recency_
  };
  using Table = std::map<CacheKey, Kept>;  // ordered, because list() is and a run of neighbours is an even sample

  // The lock. Errors: kClosed; a forked child is refused before a lock that the fork may have left held.
  std::unique_lock<std::mutex> locked() const;
  void refuse_if_closed() const { locked(); }
  StoreOutcome admit(const CacheKey& key, CacheEntry&& entry);
  StoreOutcome make_room(const std::string& storing, std::uint64_t size);
  bool evict_one(const std::string& storing, bool is_own_alone, const FrequencySketch& frequencies);
  bool evict_weighed(const std::string& storing, bool is_own_alone, const FrequencySketch& frequencies,
                     bool spares_window);
  bool evict_least_recent(const std::string& storing, bool is_own_alone);
  bool may_go(const Kept& kept, const std::string& storing, bool is_own_alone) const;
  std::uint64_t taken_by(const std::string& name_space) const;
  std::uint64_t pinned_bytes() const;
  void evict(Table::iterator kept);
  void remove(Table::iterator kept);

  const std::uint64_t capacity_bytes_;
  const NamespaceRules rules_;
  const bool weighs_entries_;
  const std::function<std::int64_t()> now_ms_;
  FillWarning warning_;
  UsageRecorder usage_;
  const pid_t owner_ = ::getpid();
  mutable std::mutex mutex_;  // of what follows
  bool is_closed_ = false;
  Table table_;
  std::list<CacheKey> recency_;                         // the most recently used first
  std::set<std::pair<std::int64_t, CacheKey>> expiry_;  // of the entries that have one
  std::map<std::string, std::uint64_t> taken_;          // bytes of payload, by namespace
  std::optional<CacheKey> hand_;                        // where the last sample ended
  std::uint64_t used_bytes_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace zimg::cache
