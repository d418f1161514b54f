// Where pictures are written: their names by the request, and files that appear whole or not at all.
#pragma once

#include <cstdint>
#include <string>

#include "zimg/bytes.hpp"
#include "zimg/image_format.hpp"

namespace zimg::app {

// Errors: kInvalidArgument for "-", which elsewhere is standard output: nothing is written there; those of
// base::check_output_path().
void check_output(const std::string& path);

// Creates `folder` where it is missing. Errors: kInvalidArgument for "-", kIo.
void make_picture_folder(const std::string& folder);

// Writes `picture` at `path`, replacing what is there in one step. Errors: kIo.
void write_picture(const std::string& path, const Bytes& picture);

// "out.png" and 3: "out-3.png".
std::string numbered_path(const std::string& path, std::uint64_t number);

// "folder/00003.png".
std::string listed_path(const std::string& folder, std::uint64_t number, ImageFormat format);

// JPEG for names that end in .jpg, .jpeg, .jpe or .jfif, whatever their case; else PNG. Errors: kInvalidArgument for
// the ending of another kind of file, which this would not be.
ImageFormat format_of_path(const std::string& path);

}  // namespace zimg::app
