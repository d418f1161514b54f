// Text chunks of a PNG: tEXt, zTXt and iTXt are read, tEXt (ASCII) and iTXt are written.
#pragma once

#include "image/image_writer.hpp"

namespace zimg::image {

// Keyword and UTF-8 text in file order. Walks the whole file, so a cut or damaged one is an Error.
// Errors: kInvalidArgument.
TextChunks read_png_texts(const Bytes& png);

// `png` with `texts` before its first IDAT. Looks no further than that. Errors: kInvalidArgument.
Bytes splice_png_texts(const Bytes& png, const TextChunks& texts);

}  // namespace zimg::image
