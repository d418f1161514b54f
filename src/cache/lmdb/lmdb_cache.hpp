// LmdbCache keeps pictures in a store on disk, shared by threads and processes. It outlives them all: what store()
// acknowledged was committed with a full sync.
//
// No view into the map leaves a method: payloads are copied out, and checked in the same pass.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cache/entry_codec.hpp"
#include "cache/hit_counters.hpp"
#include "cache/lmdb/environment.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

class LmdbCache final : public ICache {
 public:
  LmdbCache(std::shared_ptr<Environment> environment, std::chrono::milliseconds lock_timeout);

  std::optional<CacheEntry> find(const CacheKey& key) override;
  StoreOutcome store(const CacheKey& key, const CacheEntry& entry) override;
  bool erase(const CacheKey& key) override;
  void list(const EntryVisitor& visit) override;
  std::uint64_t erase_if(const EntryVisitor& match) override;
  VerifyReport verify(const std::function<bool(const VerifyReport&)>& on_progress) override;
  CacheStats stats() override;
  std::string description() const override;

 private:
  enum class Found : std::uint8_t { kAbsent, kSound, kDamaged, kExpired, kNewer };
  struct Lookup {
    Found found = Found::kAbsent;
    EntryHeader header;
    Bytes payload;
  };

  template <class Body>
  auto translated(Body&& body) const;
  Lookup look_up(MDB_txn* txn, const CacheKey& key) const;
  bool read_payload(MDB_txn* txn, const EntryHeader& header, Bytes& payload) const;
  void drop_unsound(const CacheKey& key);
  Environment::WriterTurn writer_turn();
  bool put(const CacheKey& key, const EntryHeader& header, const Bytes& payload, std::uint64_t needed_pages);
  void evict_down_to(std::uint64_t pages);

  const std::shared_ptr<Environment> environment_;
  const std::chrono::milliseconds lock_timeout_;
  HitCounters counters_;
};

}  // namespace zimg::cache
