#include "cache/lmdb/drawing_lock.hpp"

#include <fcntl.h>

#include <cerrno>
#include <memory>

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
  HeldByte(const std::string& path, off_t byte) : fd_(path), byte_(byte) {
    if (fd_.get() < 0) throw base::system_error(ErrorCode::kCache, "cannot open the lock file", path, errno);
  }
  HeldByte(const HeldByte&) = delete;
  HeldByte& operator=(const HeldByte&) = delete;
  ~HeldByte() {
    // Said aloud: a child that is being forked still has its copy of the descriptor.
    if (fd_.get() >= 0) set_lock(fd_.get(), byte_, F_UNLCK);
  }

  bool take() const noexcept { return set_lock(fd_.get(), byte_, F_WRLCK); }

 private:
  const LockDescriptor fd_;
  const off_t byte_;
};

}  // namespace

DrawingClaim claim_drawing(const std::string& path, const CacheKey& key) {
  const auto held = std::make_shared<HeldByte>(path, byte_of(key));
  if (held->take()) return {DrawingClaim::State::kHeld, held};
  if (errno == EAGAIN || errno == EACCES) return {DrawingClaim::State::kElsewhere, nullptr};
  throw base::system_error(ErrorCode::kCache, "cannot lock", path, errno);
}

}  // namespace zimg::cache
