#include "generator/library_folder.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace zimg::generator {

std::string library_folder() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&library_folder), &info) == 0 || info.dli_fname == nullptr) return "";
  char* resolved = ::realpath(info.dli_fname, nullptr);
  if (resolved == nullptr) return "";
  const std::string path = resolved;
  std::free(resolved);
  return path.substr(0, path.rfind('/'));
}

}  // namespace zimg::generator
