// Reading what a picture file says about itself: the parameters that zimg and other programs write into PNG and JPEG.
//
// Free functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/export.hpp"
#include "zimg/image_format.hpp"

namespace zimg {
inline namespace v0 {

struct PictureFacts {
  ImageFormat format = ImageFormat::kPng;
  std::uint32_t width = 0;   // pixels
  std::uint32_t height = 0;  // pixels
  // Text chunks by keyword in file order, UTF-8: "parameters" (as A1111 writes it), "zimg" (JSON), and any other.
  std::vector<std::pair<std::string, std::string>> texts;
};

// Errors: kInvalidArgument when `bytes` are neither a PNG nor a JPEG or are cut; damage is a sentence, never a crash.
ZIMG_API PictureFacts read_picture_facts(const Bytes& bytes);

// The picture as interleaved 8-bit RGB, rows from the top; what is transparent in a PNG is laid on white. Errors: as
// above, and kOutOfMemory.
ZIMG_API Bytes read_picture_pixels(const Bytes& bytes, std::uint32_t& width, std::uint32_t& height);

}  // namespace v0
}  // namespace zimg
