// A PNG back to pixels. The way there is encode_png in image_writer.hpp.
#pragma once

#include <cstdint>

#include "zimg/bytes.hpp"

namespace zimg::image {

// Interleaved 8-bit RGB, rows from the top; other depths and colour types are converted, transparency is put on white.
// Every chunk's checksum is checked first. Errors: kInvalidArgument, kOutOfMemory.
Bytes decode_png(const Bytes& png, std::uint32_t& width, std::uint32_t& height);

}  // namespace zimg::image
