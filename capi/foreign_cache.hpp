// A zimg_cache_vtable as an ICache.
//
// What the host answers is not believed: an entry that has expired, or whose payload is not the one that its SHA-256
// names, is absent and erased. Requests and stores are counted here, unless the host's `stats` says otherwise.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <string>

#include "base/call_gate.hpp"
#include "capi/user_data.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

// Errors: kInvalidArgument for a struct_size that is none and for a function that is NULL and must not be.
zimg_cache_vtable read_vtable(const zimg_cache_vtable* vtable);

class ForeignCache : public ICache {
 public:
  ForeignCache(const zimg_cache_vtable& vtable, std::string description);

  // From here on `user_data` is released with this.
  void arm(void* user_data) noexcept { user_data_.arm(user_data, vtable_.release); }

  std::optional<CacheEntry> find(const CacheKey& key) override;
  std::optional<CacheEntry> peek(const CacheKey& key) override;
  StoreOutcome store(const CacheKey& key, const CacheEntry& entry) override;
  bool contains(const CacheKey& key) override;
  bool erase(const CacheKey& key) override;
  void list(const EntryVisitor& visit) override;
  bool pin(const CacheKey& key, bool is_pinned) override;
  std::vector<NamespaceStats> namespace_stats() override;
  VerifyReport verify(const std::function<bool(const VerifyReport&)>& on_progress) override;
  CacheStats stats() override;
  std::string description() const override { return description_; }
  void close() override;  // waits for the calls in flight

 private:
  enum class State { kAbsent, kExpired, kDamaged, kSound };
  struct Reading {
    State state = State::kAbsent;
    CacheEntry entry;  // of kSound
  };

  // A call on its way through the host. Errors: kClosed.
  class Passage {
   public:
    explicit Passage(ForeignCache& cache);
    ~Passage() { gate_.leave(); }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;

   private:
    base::CallGate& gate_;
  };

  Reading read(const CacheKey& key);
  // What a reading comes to for who asks; what cannot be used is erased and counted.
  std::optional<CacheEntry> usable(const CacheKey& key, Reading reading);

  const zimg_cache_vtable vtable_;
  const std::string description_;
  const pid_t owner_ = ::getpid();
  UserData user_data_;
  base::CallGate gate_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> stores_{0};
  std::atomic<std::uint64_t> rejected_{0};
  std::atomic<std::uint64_t> expired_{0};
  std::atomic<std::uint64_t> corrupt_{0};
};

}  // namespace zimg::capi
