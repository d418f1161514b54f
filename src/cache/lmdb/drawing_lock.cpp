#include "cache/lmdb/drawing_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "cache/big_endian.hpp"
#include "cache/lock_descriptor.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

// A file may be locked far beyond its end. Two pictures that share a byte, once in 2^62 pairs, merely wait for each
// other.
off_t byte_of(const CacheKey& key) {
  return static_cast<off_t>(get_big_endian<std::uint64_t>(key.digest().data()) >> 2);
}

bool set_lock(int fd, off_t byte, short type) noexcept {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = byte;
  range.l_len = 1;
  int result = 0;
  do {
    result = ::fcntl(fd, F_OFD_SETLK, &range);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

// A claim has a description of the file to itself: that is what the lock belongs to.
class HeldByte {
 public:
  HeldByte(int fd, off_t byte) : fd_(fd), byte_(byte) {}
  HeldByte(const HeldByte&) = delete;
  HeldByte& operator=(const HeldByte&) = delete;
  ~HeldByte() {
    // Said aloud, not left to close(): a child that is being forked may still hold a copy of the descriptor.
    if (fd_.get() >= 0) set_lock(fd_.get(), byte_, F_UNLCK);
  }

 private:
  const LockDescriptor fd_;
  const off_t byte_;
};

}  // namespace

DrawingClaim claim_drawing(const std::string& path, const CacheKey& key) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw base::system_error(ErrorCode::kCache, "cannot open the lock file", path, errno);
  base::ScopeExit close_file([fd] { ::close(fd); });
  const off_t byte = byte_of(key);
  if (!set_lock(fd, byte, F_WRLCK)) {
    if (errno == EAGAIN || errno == EACCES) return {DrawingClaim::State::kElsewhere, nullptr};
    throw base::system_error(ErrorCode::kCache, "cannot lock", path, errno);
  }
  DrawingClaim claim{DrawingClaim::State::kHeld, std::make_shared<HeldByte>(fd, byte)};
  close_file.dismiss();
  return claim;
}

}  // namespace zimg::cache
