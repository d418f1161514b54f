#include "cache/lmdb/file_lock.hpp"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/system_error.hpp"
#include "cache/lmdb/held_file.hpp"

namespace zimg::cache {

FileLock::FileLock(const std::string& path) : path_(path), fd_(path) {
  if (fd_.get() < 0) throw base::system_error(ErrorCode::kCache, "cannot open the lock file", path, errno);
}

FileLock::~FileLock() {
  release();
}

bool FileLock::acquire(Mode mode, std::chrono::milliseconds timeout) {
  using std::chrono::microseconds;
  const int operation = (mode == Mode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  microseconds pause{50};
  for (;;) {
    if (::flock(fd_.get(), operation) == 0) {
      is_held_ = true;
      return true;
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
      throw base::system_error(ErrorCode::kCache, "cannot lock", path_, errno);
    }
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, microseconds{2000});
  }
  is_held_ = false;  // changing the mode of a held lock gives it up first
  return false;
}

bool FileLock::is_removed() const noexcept {
  return is_removed_file(fd_.get());
}

void FileLock::release() noexcept {
  // Said aloud: a child that is being forked still has its copy of the descriptor.
  if (is_held_ && fd_.get() >= 0) ::flock(fd_.get(), LOCK_UN);
  is_held_ = false;
}

}  // namespace zimg::cache
