#include "base/folder_listing.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/system_error.hpp"

namespace zimg::base {

std::vector<std::string> names_in_folder(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error && error.value() != ENOENT && error.value() != ENOTDIR) {
    throw system_error(ErrorCode::kIo, "cannot look into", path, error.value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace zimg::base
