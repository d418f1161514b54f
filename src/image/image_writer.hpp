// Pixels to PNG or JPEG, and text chunks into an encoded picture without touching its pixels.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/image_format.hpp"

namespace zimg::image {

// Raised when a change of zimg or of its settings moves an encoder's bytes: part of the key of a derived entry.
inline constexpr std::uint32_t kEncoderVersion = 1;

// `rgb` is interleaved 8-bit, rows from the top, width * height * 3 octets.
// Errors: kInvalidArgument (a size that does not fit), kOutOfMemory, kInternal.
Bytes encode_png(const Bytes& rgb, std::uint32_t width, std::uint32_t height);
Bytes encode_jpeg(const Bytes& rgb, std::uint32_t width, std::uint32_t height, int quality);

// What is spliced into a delivered picture: keyword and UTF-8 text, in order.
using TextChunks = std::vector<std::pair<std::string, std::string>>;

// `picture` with `texts` added: iTXt/tEXt before the first IDAT of a PNG; EXIF UserComment ("parameters") and COM (the
// rest) after the SOI/APP0 of a JPEG. No recompression: equal input gives equal bytes. Errors: kInvalidArgument when
// `picture` is neither.
Bytes splice_texts(const Bytes& picture, const TextChunks& texts);

}  // namespace zimg::image
