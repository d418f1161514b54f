// A FaultyCache passes everything on to a memory cache until a test tells it to fail, to lie or to be slow.
// Thread-safe; what it is told is told before it is used.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "zimg/cache.hpp"

namespace zimg_test {

class FaultyCache final : public zimg::ICache {
 public:
  std::function<void()> before_find;           // may throw
  std::function<void()> before_store;          // may throw and block
  std::function<void()> before_erase;          // may throw
  std::function<void(zimg::CacheEntry&)> lie;  // changes what find() returns
  std::optional<zimg::StoreOutcome> refusal;   // in the place of storing
  std::atomic<int> finds = 0;
  std::atomic<int> stores = 0;
  std::atomic<int> erasures = 0;

  std::optional<zimg::CacheEntry> find(const zimg::CacheKey& key) override {
    ++finds;
    if (before_find) before_find();
    auto entry = kept_->find(key);
    if (entry && lie) lie(*entry);
    return entry;
  }
  zimg::StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    ++stores;
    if (before_store) before_store();
    return refusal ? *refusal : kept_->store(key, entry);
  }
  bool erase(const zimg::CacheKey& key) override {
    ++erasures;
    if (before_erase) before_erase();
    return kept_->erase(key);
  }
  void list(const zimg::EntryVisitor& visit) override { kept_->list(visit); }
  zimg::CacheStats stats() override { return kept_->stats(); }
  std::string description() const override { return "faulty"; }

 private:
  const std::shared_ptr<zimg::ICache> kept_ = zimg::make_memory_cache(64u << 20);
};

}  // namespace zimg_test
