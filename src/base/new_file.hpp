// NewFile is a file that appears whole or not at all: written under a temporary name beside its place, renamed there by
// commit(), removed when it goes uncommitted.
//
// One thread at a time. Errors: kIo naming the place.
#pragma once

#include <cstddef>
#include <string>

namespace zimg::base {

class NewFile {
 public:
  // With permissions `mode`, less the umask.
  NewFile(const std::string& path, unsigned mode);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(const void* data, std::size_t size);
  // Once, last. `durable`: what was written is on the disk before the name is.
  void commit(bool durable);

 private:
  std::string path_;
  std::string temporary_;
  int fd_ = -1;
};

}  // namespace zimg::base
