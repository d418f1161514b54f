#include "base/output_path.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::base {
namespace fs = std::filesystem;

namespace {

void check_folder(const std::string& folder) {
  std::error_code ignored;  // what cannot be looked at cannot be written into either, and access() tells why
  const fs::file_status status = fs::status(folder, ignored);
  if (fs::exists(status) && !fs::is_directory(status)) {
    throw Error(ErrorCode::kIo, "'" + folder + "' is not a folder");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw system_error(ErrorCode::kIo, "files cannot be written into", folder, errno);
  }
}

}  // namespace

void check_output_path(const std::string& path) {
  if (path.empty()) throw Error(ErrorCode::kInvalidArgument, "the output is empty; the name of a file is expected");
  const fs::path target = resolved_path(path);
  std::error_code failure;
  const fs::file_status status = fs::status(target, failure);
  if (status.type() == fs::file_type::none) {  // but for what is not there, which is no failure
    throw system_error(ErrorCode::kIo, "cannot write", path, failure.value());
  }
  if (fs::is_directory(status)) throw Error(ErrorCode::kIo, "'" + path + "' is a folder where a file is expected");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(ErrorCode::kIo, "'" + path + "' is there and is not a regular file");
  }
  check_folder(target.has_parent_path() ? target.parent_path().string() : ".");
}

std::string resolved_path(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the system allows
  fs::path place = path;
  std::error_code failure;
  for (int i = 0; i < kMostLinks && fs::is_symlink(place, failure); ++i) {
    place = place.parent_path() / fs::read_symlink(place, failure);  // an absolute target replaces the folder
  }
  return place.string();
}

}  // namespace zimg::base
