// Eviction makes room inside one write transaction: what damage left behind and what has expired goes first, then what
// the policy points at. Pinned entries stay, and so does what is reserved for another namespace than the storing one.
//
// One transaction's, one thread's. Every method throws LmdbFailure.
#pragma once

#include <lmdb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cache/lmdb/picture_tables.hpp"
#include "cache/policy/eviction_policy.hpp"
#include "cache/policy/namespace_rules.hpp"

namespace zimg::cache {

class Eviction {
 public:
  struct Circumstances {
    const PictureTables& tables;
    const NamespaceRules& rules;
    const FrequencySketch* frequencies;  // null: the oldest goes first
    std::int64_t now_ms;
    CacheKey start;           // a digest, and so as good as drawn by chance: samples begin after it
    std::string name_space;   // of the entry that needs the room
    std::uint64_t& age_hand;  // how far the ages were looked through; kept between transactions
  };
  Eviction(MDB_txn* txn, const Circumstances& circumstances);

  // Evicts until at most `goal_pages` are in use; false when nothing more may go before that.
  bool down_to_pages(std::uint64_t goal_pages);
  // Evicts entries of the storing namespace until it has at most `goal_bytes`; false likewise.
  bool own_down_to(std::uint64_t goal_bytes);

  struct Evicted {
    CacheKey key;
    std::string name_space;
  };
  // Those that went.
  const std::vector<Evicted>& evicted() const noexcept { return evicted_; }

 private:
  enum class Scope : std::uint8_t { kAll, kOwn };
  template <class IsDone>
  bool evict_until(Scope scope, const IsDone& is_done);
  template <class IsDone>
  bool evict_sampled(Scope scope, bool spares_window, const IsDone& is_done);
  template <class IsDone>
  bool evict_by_age(Scope scope, const IsDone& is_done);
  template <class IsDone>
  void clear_unsound(std::uint64_t& from, const IsDone& is_done);
  bool may_go(const EntryHeader& header, Scope scope) const;
  bool rules_let_go(const std::string& owner, std::uint64_t bytes) const;
  void evict(const CacheKey& key, const std::string& name_space);

  MDB_txn* const txn_;
  const Circumstances at_;
  std::optional<CacheKey> hand_;  // where the last sample ended; empty is before the first key
  std::vector<Evicted> evicted_;
};

}  // namespace zimg::cache
