// A FakeTorch makes this process look as if it had loaded a libtorch: a file of its name, mapped.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "temporary_folder.hpp"

namespace zimg_test {

class FakeTorch {
 public:
  explicit FakeTorch(const std::string& release) : library_(folder_.path("lib/libtorch_cpu.so")) {
    std::filesystem::create_directory(folder_.path("lib"));
    std::ofstream(folder_.path("version.py")) << "__version__ = '" << release << "+cpu'\n";
    std::ofstream(library_) << "no library";
    const int fd = ::open(library_.c_str(), O_RDONLY | O_CLOEXEC);
    map_ = ::mmap(nullptr, kBytes, PROT_READ, MAP_PRIVATE, fd, 0);
    ::close(fd);
    if (map_ == MAP_FAILED) throw std::runtime_error("cannot map '" + library_ + "'");
  }
  ~FakeTorch() { ::munmap(map_, kBytes); }
  FakeTorch(const FakeTorch&) = delete;
  FakeTorch& operator=(const FakeTorch&) = delete;

  const std::string& library() const { return library_; }

 private:
  static constexpr std::size_t kBytes = 10;

  TemporaryFolder folder_;
  std::string library_;
  void* map_ = nullptr;
};

}  // namespace zimg_test
