// Keys whose entries were pinned in the lower cache of a tier when they were last looked at. Those of entries that went
// without this process being told stay until they are asked for, or it ends.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "zimg/cache_key.hpp"

namespace zimg::cache {

class PinnedKeys {
 public:
  bool has(const CacheKey& key) const {
    if (count_.load() == 0) return false;
    const std::lock_guard lock(mutex_);
    return keys_.find(key) != keys_.end();
  }

  void set(const CacheKey& key, bool is_pinned) {
    if (!is_pinned && count_.load() == 0) return;
    const std::lock_guard lock(mutex_);
    if (is_pinned) {
      keys_.insert(key);
    } else {
      keys_.erase(key);
    }
    count_ = keys_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::set<CacheKey> keys_;             // guarded by mutex_
  std::atomic<std::size_t> count_ = 0;  // of keys_, for those who look while there are none
};

}  // namespace zimg::cache
