// A MappedFile is a whole file in memory, read-only, paged in by the system as it is touched.
//
// Immutable, so const-safe. Errors: Error kBadModel when the path is not a regular file, kIo or kOutOfMemory when it
// cannot be mapped. A file that is cut while it is mapped ends the process when the lost part is read: the price of
// reading weights in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace zimg::checkpoint {

class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  const std::byte* data() const { return data_; }
  std::uint64_t size() const { return size_; }

  // Takes the pages that lie wholly within these octets out of the process's memory, until they are touched again.
  void release(const std::byte* data, std::uint64_t size) const noexcept;

 private:
  std::string path_;
  const std::byte* data_ = nullptr;  // null for an empty file
  std::uint64_t size_ = 0;
};

}  // namespace zimg::checkpoint
