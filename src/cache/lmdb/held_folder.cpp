#include "cache/lmdb/held_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"

namespace zimg::cache {
namespace {

FolderId id_of(const struct stat& status) noexcept {
  return {status.st_dev, status.st_ino};
}

}  // namespace

// O_PATH asks for no right to the folder itself, and takes none.
std::optional<HeldFolder> HeldFolder::open_if_exists(const std::string& path) {
  const int fd = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (fd < 0) throw base::system_error(ErrorCode::kCache, "cannot look at", path, errno);
  base::ScopeExit close_folder([fd] { ::close(fd); });
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw base::system_error(ErrorCode::kCache, "cannot look at", path, errno);
  close_folder.dismiss();
  return HeldFolder(fd, id_of(status));
}

HeldFolder::HeldFolder(HeldFolder&& other) noexcept : fd_(std::exchange(other.fd_, -1)), id_(other.id_) {}

HeldFolder::~HeldFolder() {
  if (fd_ >= 0) ::close(fd_);
}

bool HeldFolder::is_at(const std::string& path) const noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && id_of(status) == id_;
}

}  // namespace zimg::cache
