// FillWarning tells a program once that its cache is filling up: when 80 % are crossed, and again only after the cache
// was below 70 %, for eviction makes a full cache swing around the limit.
//
// Thread-safe. The callback is called without a mutex of its cache. An LMDB cache calls it within a read transaction:
// while it runs, pages that are freed are not used again, and the cache's close() waits.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace zimg::cache {

class FillWarning {
 public:
  // `evict_percent` is where the cache's eviction begins.
  FillWarning(std::function<void(const std::string&)> callback, std::uint64_t evict_percent)
      : callback_(std::move(callback)), evict_percent_(evict_percent) {}

  // A cache that is this full already has not been brought there by who opens it.
  void begin_at(std::uint64_t used_bytes, std::uint64_t capacity_bytes) noexcept {
    is_told_ = used_bytes >= capacity_bytes / 100 * kPercent;
  }

  bool is_wanted() const noexcept { return static_cast<bool>(callback_); }

  void look_at(std::uint64_t used_bytes, std::uint64_t capacity_bytes, const std::string& cache) noexcept {
    if (!callback_) return;
    if (used_bytes < capacity_bytes / 100 * kLowPercent) is_told_ = false;
    if (used_bytes < capacity_bytes / 100 * kPercent || is_told_.exchange(true)) return;
    try {
      callback_("the cache " + cache + " is filled to more than " + std::to_string(kPercent) + " % of its " +
                std::to_string(capacity_bytes) + " bytes; from " + std::to_string(evict_percent_) +
                " % on pictures are evicted");
    } catch (...) {  // the program's callback must not fail a store
    }
  }

 private:
  static constexpr std::uint64_t kPercent = 80;
  static constexpr std::uint64_t kLowPercent = 70;
  const std::function<void(const std::string&)> callback_;
  const std::uint64_t evict_percent_;
  std::atomic<bool> is_told_{false};
};

}  // namespace zimg::cache
