// The octets of a store's data file, read and damaged by a test.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

namespace zimg_test {

class DataFile {
 public:
  explicit DataFile(const std::string& path) : fd_(::open((path + "/data.mdb").c_str(), O_RDWR | O_CLOEXEC)) {
    BOOST_REQUIRE(fd_ >= 0);
  }
  ~DataFile() { ::close(fd_); }
  DataFile(const DataFile&) = delete;
  DataFile& operator=(const DataFile&) = delete;

  std::string read(std::uint64_t size) const {
    std::string octets(size, '\0');
    BOOST_REQUIRE(::pread(fd_, octets.data(), size, 0) == static_cast<ssize_t>(size));
    return octets;
  }
  void write(std::uint64_t at, const std::string& octets) const {
    BOOST_REQUIRE(::pwrite(fd_, octets.data(), octets.size(), static_cast<off_t>(at)) ==
                  static_cast<ssize_t>(octets.size()));
  }

 private:
  int fd_;
};

}  // namespace zimg_test
