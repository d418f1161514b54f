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

class HeldFile {
 public:
  explicit HeldFile(const std::string& path) noexcept : fd_(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}
  ~HeldFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  // Also where there was none to be held.
  bool is_removed() const noexcept {
    struct stat status {};
    return fd_ < 0 || ::fstat(fd_, &status) != 0 || status.st_nlink == 0;
  }

 private:
  const int fd_;
};

}  // namespace zimg::cache
