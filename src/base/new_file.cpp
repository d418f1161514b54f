#include "base/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "base/file.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::base {
namespace {

// In the folder of `path`, and nothing else of it: a name as long as a name may be leaves no room for more.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};  // two threads of one process may write into the same folder
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  return folder + ".zimg-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
}

}  // namespace

NewFile::NewFile(const std::string& path, unsigned mode) : path_(path) {
  constexpr int kMostTries = 1000;
  for (int i = 0; i < kMostTries && fd_ < 0; ++i) {
    temporary_ = temporary_name(path);
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
    if (fd_ < 0 && errno != EEXIST) break;  // one that is there was left by a killed process of the same number
  }
  if (fd_ < 0) throw system_error(ErrorCode::kIo, "cannot write", path_, errno);
}

NewFile::~NewFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::write(const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(fd_, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error(ErrorCode::kIo, "cannot write", path_, errno);
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

void NewFile::commit(bool durable) {
  if (durable && ::fsync(fd_) != 0) throw system_error(ErrorCode::kIo, "cannot sync", path_, errno);
  if (::close(std::exchange(fd_, -1)) != 0) throw system_error(ErrorCode::kIo, "cannot write", path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw system_error(ErrorCode::kIo, "cannot write", path_, errno);
  }
  temporary_.clear();
  if (durable) sync_folder(parent_of(path_));  // or the new name could be gone with the power
}

}  // namespace zimg::base
