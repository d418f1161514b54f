// What a cache meets on its way to an answer, told to whoever asked it: the thread that calls the cache listens for the
// length of the call. Where nobody listens, telling costs one comparison.
#pragma once

#include <string>
#include <utility>

#include "zimg/cache_key.hpp"

namespace zimg::telemetry {

enum class CacheNote { kExpired, kCorrupt, kEvicted };

class ICacheNoteListener {
 public:
  // Must neither throw nor call the cache, which may hold its locks. `name_space` is empty where the entry could not be
  // read.
  virtual void on_note(CacheNote note, const CacheKey& key, const std::string& name_space) noexcept = 0;

 protected:
  ~ICacheNoteListener() = default;
};

// While it lives, `listener` hears what is told on this thread, and nobody who listened before. Null: nobody does.
class [[nodiscard]] CacheNoteScope {
 public:
  explicit CacheNoteScope(ICacheNoteListener* listener) : outer_(std::exchange(current(), listener)) {}
  ~CacheNoteScope() { current() = outer_; }
  CacheNoteScope(const CacheNoteScope&) = delete;
  CacheNoteScope& operator=(const CacheNoteScope&) = delete;

  static void tell(CacheNote note, const CacheKey& key, const std::string& name_space) noexcept {
    if (current() != nullptr) current()->on_note(note, key, name_space);
  }

 private:
  static ICacheNoteListener*& current() noexcept {
    static thread_local ICacheNoteListener* listener = nullptr;
    return listener;
  }

  ICacheNoteListener* const outer_;
};

}  // namespace zimg::telemetry
