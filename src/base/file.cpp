#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/new_file.hpp"
#include "base/scope_exit.hpp"
#include "base/system_error.hpp"

namespace zimg::base {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_not_of('/');
  const std::size_t end = slash == std::string::npos ? 0 : path.rfind('/', slash);
  if (end == std::string::npos) return ".";
  return end == 0 ? "/" : path.substr(0, end);
}

void sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == EACCES) return;  // may be written but not read: nothing more can be done
  if (fd < 0) throw system_error(ErrorCode::kIo, "cannot open", path, errno);
  const ScopeExit close_folder([fd] { ::close(fd); });
  while (::fsync(fd) != 0) {
    if (errno == EINVAL) return;  // a file system whose folders need none
    if (errno != EINTR) throw system_error(ErrorCode::kIo, "cannot sync", path, errno);
  }
}

std::string read_file(const std::string& path, std::uint64_t max_bytes, ErrorCode code) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not make us wait
  if (fd < 0) throw system_error(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot open", path, errno);
  const ScopeExit close_file([fd] { ::close(fd); });
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw system_error(ErrorCode::kIo, "cannot look at", path, errno);
  if (!S_ISREG(status.st_mode)) throw Error(code, "'" + path + "' is not a regular file");
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) {
    throw Error(code, "'" + path + "' holds " + std::to_string(status.st_size) + " bytes, more than the " +
                          std::to_string(max_bytes) + " that are read");
  }
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(fd, content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error(ErrorCode::kIo, "cannot read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

void write_file(const std::string& path, std::string_view content, unsigned mode, bool durable) {
  NewFile file(path, mode);
  file.write(content.data(), content.size());
  file.commit(durable);
}

void create_private_folders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0700) == 0) {
      sync_folder(parent_of(folder));
    } else if (errno != EEXIST) {
      struct stat status {};
      const int error_number = errno;  // a read-only parent that is already there is no failure
      if (::stat(folder.c_str(), &status) != 0) {
        throw system_error(ErrorCode::kIo, "cannot create", folder, error_number);
      }
    }
    if (slash == std::string::npos) break;
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    throw Error(ErrorCode::kIo, "'" + path + "' is not a folder");
  }
}

std::string cache_home() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  if (xdg != nullptr && xdg[0] == '/') return std::string(xdg) + "/zimg";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.cache/zimg";
  return "";
}

}  // namespace zimg::base
