// Keys whose entries lie in the store and are no longer what was stored last: a store that was refused should have
// erased them, and the full map had no room for that either. To this process they are absent; the next store that finds
// room erases them. Other processes, and this one once it has opened the store anew, find the entry that was there
// before.
//
// Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "zimg/cache_key.hpp"

namespace zimg::cache {

class WithdrawnKeys {
 public:
  bool is_empty() const noexcept { return count_.load() == 0; }

  // Whoever asks before it begins to read never sees the old entry: a key leaves only after that is gone.
  bool has(const CacheKey& key) const {
    const std::lock_guard lock(mutex_);
    return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
  }

  std::vector<CacheKey> all() const {
    if (is_empty()) return {};
    const std::lock_guard lock(mutex_);
    return keys_;
  }

  void add(const CacheKey& key) {
    const std::lock_guard lock(mutex_);
    if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return;
    keys_.push_back(key);
    count_ = keys_.size();
  }

  // Once its entry was erased or replaced, and that was committed.
  void remove(const CacheKey& key) {
    if (is_empty()) return;
    const std::lock_guard lock(mutex_);
    keys_.erase(std::remove(keys_.begin(), keys_.end(), key), keys_.end());
    count_ = keys_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<CacheKey> keys_;          // guarded by mutex_; few, and none as a rule
  std::atomic<std::size_t> count_ = 0;  // of keys_, for those who look while there are none
};

}  // namespace zimg::cache
