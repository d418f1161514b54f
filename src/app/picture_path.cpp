#include "app/picture_path.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "base/file.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace fs = std::filesystem;

namespace {

// Renaming over a symbolic link would replace the link: the picture goes where it points, be there a file or not.
fs::path resolved(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the system allows
  fs::path place = path;
  std::error_code failure;
  for (int i = 0; i < kMostLinks && fs::is_symlink(place, failure); ++i) {
    place = place.parent_path() / fs::read_symlink(place, failure);  // an absolute target replaces the folder
  }
  return place;
}

}  // namespace

void check_picture_path(const std::string& path) {
  const fs::path target = resolved(path);
  std::error_code failure;
  const fs::file_status status = fs::status(target, failure);
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::kIo, "'" + path + "' is a folder where the name of a picture is expected");
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(ErrorCode::kIo, "'" + path + "' is there and is not a regular file");
  }
  const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw base::system_error(ErrorCode::kIo, "pictures cannot be written into", folder, errno);
  }
  if (!fs::is_directory(folder, failure)) throw Error(ErrorCode::kIo, "'" + folder + "' is not a folder");
}

void make_picture_folder(const std::string& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure || !fs::is_directory(folder, failure)) {
    throw base::system_error(ErrorCode::kIo, "cannot create the folder", folder, failure ? failure.value() : ENOTDIR);
  }
}

void write_picture(const std::string& path, const Bytes& picture) {
  constexpr unsigned kMode = 0666;  // less the umask: a picture is the caller's to share
  base::write_file(resolved(path).string(), {reinterpret_cast<const char*>(picture.data()), picture.size()}, kMode,
                   false);
}

std::string numbered_path(const std::string& path, std::uint64_t number) {
  const fs::path whole(path);
  const std::string name = whole.stem().string() + "-" + std::to_string(number) + whole.extension().string();
  return (whole.parent_path() / name).string();
}

std::string listed_path(const std::string& folder, std::uint64_t number, ImageFormat format) {
  char name[32];
  std::snprintf(name, sizeof name, "%05llu", static_cast<unsigned long long>(number));
  return (fs::path(folder) / (std::string(name) + (format == ImageFormat::kJpeg ? ".jpg" : ".png"))).string();
}

ImageFormat format_of_path(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".jpg" || extension == ".jpeg" ? ImageFormat::kJpeg : ImageFormat::kPng;
}

}  // namespace zimg::app
