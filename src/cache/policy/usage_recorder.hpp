// UsageRecorder lets threads note what happened to a cache without waiting, and processes that share a store add up
// what they noted in a file of it.
//
// Thread-safe. Noting something never fails: events wait in a fixed buffer, and what cannot be kept is forgotten. The
// file is written unsynced, under a lock that nobody waits for, but flush() for some milliseconds; a damaged one is
// begun anew. A forked child may destroy it, and then nothing is written, but not use it: a thread that the child lacks
// may have its lock.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cache/policy/usage.hpp"
#include "zimg/cache.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

class UsageRecorder {
 public:
  // An empty `path` is a cache of this process alone. `room_bytes` is what its payloads may take together. A relative
  // path begins at the folder of that descriptor, which is to stay open until close().
  UsageRecorder(std::string path, std::uint64_t room_bytes, int folder = AT_FDCWD);
  ~UsageRecorder();  // flushes
  UsageRecorder(const UsageRecorder&) = delete;
  UsageRecorder& operator=(const UsageRecorder&) = delete;

  static std::uint64_t hash_of(const CacheKey& key) noexcept;

  void hit(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) noexcept;
  void miss(const CacheKey& key) noexcept;
  void touch(const CacheKey& key) noexcept;
  void stored(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) noexcept;
  void evicted(const std::string& name_space) noexcept;
  void rejected() noexcept;
  void expired() noexcept;
  void damaged() noexcept;

  void copy_to(CacheStats& stats);
  void copy_to(std::vector<NamespaceStats>& parts);

  // Adds what was noted to the file now.
  void flush() noexcept;
  // The same, and the file is not gone to again.
  void close() noexcept;

  // Whether the file at `path` is what a recorder left there. Errors: kOutOfMemory.
  static bool is_recorded(const std::string& path);

  // The frequencies as all processes have noted them, not older than a second.
  FrequencySketch frequencies(std::uint64_t entries);

 private:
  using Clock = std::chrono::steady_clock;

  void note(const UsageEvent& event) noexcept;
  void apply_pending();
  void forget_pending() noexcept;
  void exchange(int tries = 1);  // with the file, whose lock others may have: tried a millisecond apart

  std::string path_;  // guarded by mutex_
  const std::uint64_t room_bytes_;
  const int folder_;
  const pid_t owner_;
  std::mutex mutex_;
  std::vector<UsageEvent> pending_;       // guarded by mutex_; of a fixed capacity
  std::size_t applied_ = 0;               // guarded by mutex_; so many of pending_ are in usage_
  Usage usage_;                           // guarded by mutex_
  std::optional<std::uint64_t> entries_;  // guarded by mutex_; of the cache, where somebody has said it
  Clock::time_point exchanged_at_{};      // guarded by mutex_
};

}  // namespace zimg::cache
