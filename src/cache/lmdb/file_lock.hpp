// FileLock is a lock between processes: flock on a small file, which the kernel frees when its holder dies.
//
// One thread at a time. Of the process that opened it: a forked child has nothing of it.
#pragma once

#include <chrono>
#include <string>

#include "cache/lock_descriptor.hpp"

namespace zimg::cache {

class FileLock {
 public:
  enum class Mode { kShared, kExclusive };

  // Creates `path` with mode 0600 when absent. Errors: kCache.
  explicit FileLock(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Takes the lock, or changes its mode, within `timeout`; false when others hold it for longer, and then a lock that
  // was held before is lost. Errors: kCache.
  bool acquire(Mode mode, std::chrono::milliseconds timeout);
  void release() noexcept;
  // Whether its file was removed since it was opened: others who open the path lock another one.
  bool is_removed() const noexcept;

 private:
  std::string path_;
  LockDescriptor fd_;
  bool is_held_ = false;
};

}  // namespace zimg::cache
