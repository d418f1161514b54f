// LockDescriptor owns a file descriptor by which something is locked, and keeps it out of forked children.
//
// A lock of flock or of F_OFD_SETLK belongs to the open file, of which a child that is forked without an exec has a
// copy of the descriptor: it would hold the lock for as long as it lives, though its parent was killed. Children close
// theirs at once, which frees nothing of the parent's. Thread-safe but for one object.
#pragma once

#include <fcntl.h>

#include <string>

namespace zimg::cache {

class LockDescriptor {
 public:
  // Opens the file, made with mode 0600 where it is absent; no link is followed. Where that fails, get() is -1 and
  // errno says why. A relative path begins at the folder of that descriptor, or where the process stands.
  explicit LockDescriptor(const std::string& path, int folder = AT_FDCWD) noexcept;
  ~LockDescriptor();
  LockDescriptor(const LockDescriptor&) = delete;
  LockDescriptor& operator=(const LockDescriptor&) = delete;

  // -1 in a child that was forked since.
  int get() const noexcept { return fd_; }

 private:
  friend struct LockDescriptors;
  int fd_ = -1;
  LockDescriptor* next_ = nullptr;
  LockDescriptor* previous_ = nullptr;
};

// Prepares the process for forks. Called by the first descriptor, and by what takes locks of its own for a fork before
// it makes descriptors under them: those are then taken first.
void keep_locks_out_of_children();

}  // namespace zimg::cache
