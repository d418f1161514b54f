#include "crash/cache/system_calls.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <utility>
#include <vector>

namespace zimg_crash {
namespace {

struct OpenFile {
  std::string path;  // empty: not watched
  bool is_durable = false;
};

struct Watch {
  std::string folder;
  SystemCallWatcher* watcher = nullptr;
  std::array<OpenFile, 1024> files;  // by descriptor
};

std::atomic<Watch*> current{nullptr};
std::atomic<bool> is_paused{false};
thread_local bool is_inside = false;  // a watcher's own calls

bool is_below(const std::string& folder, const char* path) {
  const std::string text = path;
  return text.size() >= folder.size() && text.compare(0, folder.size(), folder) == 0 &&
         (text.size() == folder.size() || text[folder.size()] == '/');
}

Watch* watch_of(const char* path) {
  Watch* watch = current;
  return watch != nullptr && !is_inside && is_below(watch->folder, path) ? watch : nullptr;
}

OpenFile* file_of(int fd) {
  Watch* watch = current;
  if (watch == nullptr || is_inside || fd < 0 || static_cast<std::size_t>(fd) >= watch->files.size()) return nullptr;
  OpenFile& file = watch->files[static_cast<std::size_t>(fd)];
  return file.path.empty() ? nullptr : &file;
}

SystemCall call_of(SystemCall::Kind kind, const std::string& path, const std::string& new_path = "") {
  SystemCall call;
  call.kind = kind;
  call.path = path;
  call.new_path = new_path;
  return call;
}

// Asks the watcher, makes the call as it says and tells it what worked. `cut` makes half of a write.
template <class Make, class Cut>
long watched(const SystemCall& call, const Make& make, const Cut& cut, long pretended) {
  Watch* watch = current;
  if (is_paused || watch == nullptr) return make();
  is_inside = true;
  const int verdict = watch->watcher->before(call);
  is_inside = false;
  if (verdict > 0) {
    errno = verdict;
    return -1;
  }
  if (verdict == SystemCallWatcher::kPretend) return pretended;
  const long result = verdict == SystemCallWatcher::kCutShort ? cut() : make();
  if (result < 0) return result;
  const int error_number = errno;
  is_inside = true;
  watch->watcher->after(call);
  is_inside = false;
  errno = error_number;
  return result;
}

template <class Make>
long watched(const SystemCall& call, const Make& make, long pretended = 0) {
  return watched(call, make, make, pretended);
}

int open_file(const char* path, int flags, unsigned mode) {
  const auto make = [&] { return ::syscall(SYS_openat, AT_FDCWD, path, flags, mode); };
  Watch* watch = watch_of(path);
  if (watch == nullptr) return static_cast<int>(make());
  SystemCall call = call_of(SystemCall::Kind::kOpen, path);
  call.makes_file = (flags & O_CREAT) != 0 && ::syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
  const long fd = writes ? watched(call, make) : make();
  if (fd >= 0 && static_cast<std::size_t>(fd) < watch->files.size()) {
    watch->files[static_cast<std::size_t>(fd)] = {path, (flags & (O_SYNC | O_DSYNC)) != 0};
  }
  return static_cast<int>(fd);
}

// What is made in an open folder is made by its path, by which it is watched.
int open_file_in(int folder, const char* name, int flags, unsigned mode) {
  if (folder == AT_FDCWD || name[0] == '/') return open_file(name, flags, mode);
  if ((flags & O_CREAT) == 0) return static_cast<int>(::syscall(SYS_openat, folder, name, flags, mode));
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  std::array<char, 4096> path;
  const long size = ::syscall(SYS_readlinkat, AT_FDCWD, link.c_str(), path.data(), path.size());
  if (size < 0) return -1;
  return open_file((std::string(path.data(), static_cast<std::size_t>(size)) + "/" + name).c_str(), flags, mode);
}

ssize_t write_file(int fd, const void* data, std::size_t size, const std::uint64_t* at) {
  const auto make_some = [&](std::size_t some) {
    return at == nullptr ? ::syscall(SYS_write, fd, data, some) : ::syscall(SYS_pwrite64, fd, data, some, *at);
  };
  const OpenFile* file = file_of(fd);
  if (file == nullptr) return make_some(size);
  SystemCall call = call_of(SystemCall::Kind::kWrite, file->path);
  call.offset = at != nullptr ? *at : static_cast<std::uint64_t>(::syscall(SYS_lseek, fd, 0, SEEK_CUR));
  call.octets = {static_cast<const std::uint8_t*>(data), size};
  call.is_durable = file->is_durable;
  return watched(
      call, [&] { return make_some(size); }, [&] { return make_some(size / 2); }, static_cast<long>(size));
}

int sync_file(int fd, long number) {
  const auto make = [&] { return ::syscall(number, fd); };
  const OpenFile* file = file_of(fd);
  return static_cast<int>(file == nullptr ? make() : watched(call_of(SystemCall::Kind::kSync, file->path), make));
}

int resize_file(int fd, off_t size) {
  const auto make = [&] { return ::syscall(SYS_ftruncate, fd, size); };
  const OpenFile* file = file_of(fd);
  if (file == nullptr) return static_cast<int>(make());
  SystemCall call = call_of(SystemCall::Kind::kResize, file->path);
  call.offset = static_cast<std::uint64_t>(size);
  return static_cast<int>(watched(call, make));
}

}  // namespace

const char* name_of(SystemCall::Kind kind) noexcept {
  constexpr std::array kNames{"open", "mkdir", "write", "ftruncate", "sync", "rename", "unlink", "mmap"};
  return kNames[static_cast<std::size_t>(kind)];
}

SystemCallWatch::SystemCallWatch(std::string folder, SystemCallWatcher& watcher) {
  is_paused = false;
  current = new Watch{std::move(folder), &watcher, {}};
}

SystemCallWatch::~SystemCallWatch() {
  delete current.exchange(nullptr);
}

void SystemCallWatch::pause() noexcept {
  is_paused = true;
}

void SystemCallWatch::resume() noexcept {
  is_paused = false;
}

}  // namespace zimg_crash

// What follows stands in for the C library's. Declarations and exception specifications are those of its headers.
#define ZIMG_STANDS_IN extern "C" __attribute__((visibility("default")))

using namespace zimg_crash;

ZIMG_STANDS_IN int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, unsigned) : 0;
  va_end(arguments);
  return open_file(path, flags, mode);
}

ZIMG_STANDS_IN int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, unsigned) : 0;
  va_end(arguments);
  return open_file(path, flags, mode);
}

ZIMG_STANDS_IN int openat(int folder, const char* name, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, unsigned) : 0;
  va_end(arguments);
  return open_file_in(folder, name, flags, mode);
}

ZIMG_STANDS_IN int close(int fd) {
  if (OpenFile* file = file_of(fd)) file->path.clear();
  return static_cast<int>(::syscall(SYS_close, fd));
}

ZIMG_STANDS_IN ssize_t write(int fd, const void* data, size_t size) {
  return write_file(fd, data, size, nullptr);
}

ZIMG_STANDS_IN ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  const auto at = static_cast<std::uint64_t>(offset);
  return write_file(fd, data, size, &at);
}

ZIMG_STANDS_IN ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}

ZIMG_STANDS_IN ssize_t writev(int fd, const struct iovec* pieces, int count) {
  if (file_of(fd) == nullptr) return ::syscall(SYS_writev, fd, pieces, count);
  std::vector<std::uint8_t> whole;
  for (int i = 0; i < count; ++i) {
    const auto* data = static_cast<const std::uint8_t*>(pieces[i].iov_base);
    whole.insert(whole.end(), data, data + pieces[i].iov_len);
  }
  return write_file(fd, whole.data(), whole.size(), nullptr);
}

ZIMG_STANDS_IN int fsync(int fd) {
  return sync_file(fd, SYS_fsync);
}

ZIMG_STANDS_IN int fdatasync(int fd) {
  return sync_file(fd, SYS_fdatasync);
}

ZIMG_STANDS_IN int ftruncate(int fd, off_t size) noexcept {
  return resize_file(fd, size);
}

ZIMG_STANDS_IN int ftruncate64(int fd, off64_t size) noexcept {
  return resize_file(fd, size);
}

ZIMG_STANDS_IN int mkdir(const char* path, mode_t mode) noexcept {
  const auto make = [&] { return ::syscall(SYS_mkdirat, AT_FDCWD, path, mode); };
  if (watch_of(path) == nullptr) return static_cast<int>(make());
  return static_cast<int>(watched(call_of(SystemCall::Kind::kMakeFolder, path), make));
}

ZIMG_STANDS_IN int rename(const char* from, const char* to) noexcept {
  const auto make = [&] { return ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); };
  if (watch_of(from) == nullptr) return static_cast<int>(make());
  return static_cast<int>(watched(call_of(SystemCall::Kind::kRename, from, to), make));
}

ZIMG_STANDS_IN int unlink(const char* path) noexcept {
  const auto make = [&] { return ::syscall(SYS_unlinkat, AT_FDCWD, path, 0); };
  if (watch_of(path) == nullptr) return static_cast<int>(make());
  return static_cast<int>(watched(call_of(SystemCall::Kind::kRemove, path), make));
}

ZIMG_STANDS_IN void* mmap(void* address, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  const auto make = [&] { return ::syscall(SYS_mmap, address, size, protection, flags, fd, offset); };
  const OpenFile* file = (flags & MAP_ANONYMOUS) != 0 ? nullptr : file_of(fd);
  if (file == nullptr) return reinterpret_cast<void*>(make());
  SystemCall call = call_of(SystemCall::Kind::kMap, file->path);
  call.maps_to_write = (protection & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0;
  return reinterpret_cast<void*>(watched(call, make));
}
