#include "app/picture_path.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string_view>

#include "app/file_ending.hpp"
#include "base/file.hpp"
#include "base/output_path.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kJpegEndings[] = {".jfif", ".jpe", ".jpeg", ".jpg"};
constexpr std::string_view kOtherPictures[] = {
    ".ai",  ".avif", ".bmp", ".cur",  ".dds", ".dng", ".eps",  ".exr",  ".gif", ".hdr", ".heic", ".heif",
    ".ico", ".j2k",  ".jp2", ".jxl",  ".pam", ".pbm", ".pcx",  ".pdf",  ".pgm", ".pnm", ".ppm",  ".ps",
    ".psd", ".qoi",  ".svg", ".svgz", ".tga", ".tif", ".tiff", ".webp", ".xbm", ".xcf", ".xpm"};
// What a slip would replace by a picture: lists, models, films.
constexpr std::string_view kOtherFiles[] = {".avi", ".csv", ".html",        ".json", ".jsonl", ".md", ".mkv",
                                            ".mov", ".mp4", ".safetensors", ".txt",  ".webm",  ".zip"};

template <std::size_t kCount>
bool is_one_of(const std::string& ending, const std::string_view (&endings)[kCount]) {
  return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

void refuse_standard_output(const std::string& path) {
  if (path != "-") return;
  throw Error(ErrorCode::kInvalidArgument,
              "the output is '-' where a path is expected: standard output takes no picture ('./-' is that name)");
}

}  // namespace

void check_output(const std::string& path) {
  refuse_standard_output(path);
  base::check_output_path(path);
}

void make_picture_folder(const std::string& folder) {
  refuse_standard_output(folder);
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure || !fs::is_directory(folder, failure)) {
    throw base::system_error(ErrorCode::kIo, "cannot create the folder", folder, failure ? failure.value() : ENOTDIR);
  }
}

void write_picture(const std::string& path, const Bytes& picture) {
  constexpr unsigned kMode = 0666;  // less the umask: a picture is the caller's to share
  base::write_file(base::resolved_path(path), {reinterpret_cast<const char*>(picture.data()), picture.size()}, kMode,
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
  const std::string ending = file_ending(path);
  if (is_one_of(ending, kOtherPictures) || is_one_of(ending, kOtherFiles)) {
    throw Error(ErrorCode::kInvalidArgument, "the output '" + path + "' ends in " + ending +
                                                 " where .png, .jpg or .jpeg is expected, or --format with it");
  }
  return is_one_of(ending, kJpegEndings) ? ImageFormat::kJpeg : ImageFormat::kPng;
}

}  // namespace zimg::app
