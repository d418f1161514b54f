// Entries that lie in the store and are no longer what was stored last under their keys: a store that was refused
// should have erased them, and the full map had no room for that either. To this process they are absent; the next
// store that finds room erases them. Other processes, and this one once it has opened the store anew, find them. What
// another process has stored under such a key since is another entry, and nothing is the matter with it.
//
// Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "cache/entry_codec.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

// What an entry is told by that lies under a key: an id alone may be given again once its entry was erased.
struct WithdrawnEntry {
  WithdrawnEntry(const CacheKey& under, const EntryHeader& header)
      : key(under), id(header.id), stored_at_ms(header.info.stored_at_ms), payload_checksum(header.payload_checksum) {}

  // Whether `header`, which lies under the key, is this entry's.
  bool is(const EntryHeader& header) const noexcept {
    return header.id == id && header.info.stored_at_ms == stored_at_ms && header.payload_checksum == payload_checksum;
  }

  CacheKey key;
  std::uint64_t id;
  std::int64_t stored_at_ms;
  std::uint64_t payload_checksum;
};

class WithdrawnEntries {
 public:
  bool is_empty() const noexcept { return count_.load() == 0; }

  // Whoever asks before it begins to read never takes the old entry for another: it leaves only after that is gone.
  std::optional<WithdrawnEntry> under(const CacheKey& key) const {
    const std::lock_guard lock(mutex_);
    const auto place = std::find_if(entries_.begin(), entries_.end(), IsUnder{key});
    return place == entries_.end() ? std::nullopt : std::optional(*place);
  }

  std::vector<WithdrawnEntry> all() const {
    if (is_empty()) return {};
    const std::lock_guard lock(mutex_);
    return entries_;
  }

  void add(const WithdrawnEntry& entry) {
    const std::lock_guard lock(mutex_);
    const auto place = std::find_if(entries_.begin(), entries_.end(), IsUnder{entry.key});
    if (place == entries_.end()) {
      entries_.push_back(entry);
    } else {
      *place = entry;  // the one before it has gone
    }
    count_ = entries_.size();
  }

  // Once it was erased or replaced, and that was committed.
  void remove(const CacheKey& key) {
    if (is_empty()) return;
    const std::lock_guard lock(mutex_);
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), IsUnder{key}), entries_.end());
    count_ = entries_.size();
  }

 private:
  struct IsUnder {
    CacheKey key;
    bool operator()(const WithdrawnEntry& entry) const noexcept { return entry.key == key; }
  };

  mutable std::mutex mutex_;
  std::vector<WithdrawnEntry> entries_;  // guarded by mutex_; few, and none as a rule
  std::atomic<std::size_t> count_ = 0;   // of entries_, for those who look while there are none
};

}  // namespace zimg::cache
