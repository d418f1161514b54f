// HeldFile is an open descriptor of a file by which its links can be counted. It asks for no right to the file and,
// unlike another one, takes no record lock of the process with it when it is closed.
//
// Any thread may ask. A program that is executed has none of it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace zimg::cache {

// Whether the open file of the descriptor has no name any more, or is none.
inline bool is_removed_file(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) != 0 || status.st_nlink == 0;
}

class HeldFile {
 public:
  explicit HeldFile(const std::string& path) noexcept : fd_(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}
  ~HeldFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  // Also where there was none to be held.
  bool is_removed() const noexcept { return is_removed_file(fd_); }

 private:
  const int fd_;
};

}  // namespace zimg::cache
