// What a cache counts of its own calls, from any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "zimg/cache.hpp"

namespace zimg::cache {

struct HitCounters {
  std::atomic<std::uint64_t> hits{0};
  std::atomic<std::uint64_t> misses{0};
  std::atomic<std::uint64_t> stores{0};
  std::atomic<std::uint64_t> evictions{0};
  std::atomic<std::uint64_t> expired{0};
  std::atomic<std::uint64_t> corrupt{0};

  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t count = 1) {
    counter.fetch_add(count, std::memory_order_relaxed);
  }

  void copy_to(CacheStats& stats) const {
    stats.hits = hits.load(std::memory_order_relaxed);
    stats.misses = misses.load(std::memory_order_relaxed);
    stats.stores = stores.load(std::memory_order_relaxed);
    stats.evictions = evictions.load(std::memory_order_relaxed);
    stats.expired = expired.load(std::memory_order_relaxed);
    stats.corrupt = corrupt.load(std::memory_order_relaxed);
  }
};

}  // namespace zimg::cache
