// Texts in a JPEG: "parameters" in EXIF's UserComment, the rest as comments (COM) of the form "keyword: text".
//
// A segment holds 64 KiB; a longer text goes into several comments, "keyword: ", "keyword#2: ", ….
#pragma once

#include "image/image_writer.hpp"

namespace zimg::image {

// Comments of other programs come under the keyword "comment". Walks the whole file, so a cut one is an Error.
// Errors: kInvalidArgument.
TextChunks read_jpeg_texts(const Bytes& jpeg);

// `jpeg` with `texts` after SOI and APP0. Looks no further than that. Errors: kInvalidArgument.
Bytes splice_jpeg_texts(const Bytes& jpeg, const TextChunks& texts);

}  // namespace zimg::image
