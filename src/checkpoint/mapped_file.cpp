#include "checkpoint/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"

namespace zimg::checkpoint {

MappedFile::MappedFile(const std::string& path) : path_(path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not make us wait
  if (fd < 0) {
    throw base::system_error(errno == ENOENT ? ErrorCode::kBadModel : ErrorCode::kIo, "cannot open", path, errno);
  }
  const base::ScopeExit close_file([fd] { ::close(fd); });
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw base::system_error(ErrorCode::kIo, "cannot look at", path, errno);
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kBadModel, "'" + path + "' is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
  if (size_ == 0) return;
  void* mapping = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd, 0);
  if (mapping == MAP_FAILED) throw base::system_error(ErrorCode::kIo, "cannot map", path, errno);
  data_ = static_cast<const std::byte*>(mapping);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::release(const std::byte* data, std::uint64_t size) const noexcept {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto offset = static_cast<std::uint64_t>(data - data_);
  const std::uint64_t begin = (offset + page - 1) / page * page;  // the mapping itself begins with a page
  const std::uint64_t end = (offset + size) / page * page;
  // Advice: where the system does not take it, the pages stay, and nothing else changes.
  if (begin < end) ::madvise(const_cast<std::byte*>(data_) + begin, end - begin, MADV_DONTNEED);
}

}  // namespace zimg::checkpoint
