// A JPEG back to pixels. The way there is encode_jpeg in image_writer.hpp.
#pragma once

#include <cstdint>

#include "zimg/bytes.hpp"

namespace zimg::image {

// Interleaved 8-bit RGB, rows from the top. A cut or damaged file is refused where the decoder notices it; JPEG has no
// checksum. Errors: kInvalidArgument, kOutOfMemory.
Bytes decode_jpeg(const Bytes& jpeg, std::uint32_t& width, std::uint32_t& height);

}  // namespace zimg::image
