// The functions that take a PNG or a JPEG, whichever it is.
#include <optional>

#include "image/image_limits.hpp"
#include "image/image_writer.hpp"
#include "image/jpeg_codec.hpp"
#include "image/jpeg_segments.hpp"
#include "image/jpeg_texts.hpp"
#include "image/png_chunks.hpp"
#include "image/png_codec.hpp"
#include "image/png_texts.hpp"
#include "zimg/error.hpp"
#include "zimg/image.hpp"

namespace zimg {
namespace image {
namespace {

[[noreturn]] void fail_unknown() {
  throw Error(ErrorCode::kInvalidArgument, "the picture is neither a PNG nor a JPEG");
}

PictureFacts png_facts(const Bytes& png) {
  const PngChunk header = PngChunks(png).header();
  return {ImageFormat::kPng, header.width(), header.height(), read_png_texts(png)};
}

PictureFacts jpeg_facts(const Bytes& jpeg) {
  PictureFacts facts;
  facts.format = ImageFormat::kJpeg;
  JpegSegments segments(jpeg);
  while (const std::optional<JpegSegment> segment = segments.next()) {
    if (!segment->is_frame()) continue;
    facts.width = segment->width();
    facts.height = segment->height();
  }
  facts.texts = read_jpeg_texts(jpeg);
  return facts;
}

}  // namespace

Bytes splice_texts(const Bytes& picture, const TextChunks& texts) {
  if (is_png(picture)) return splice_png_texts(picture, texts);
  if (is_jpeg(picture)) return splice_jpeg_texts(picture, texts);
  fail_unknown();
}

}  // namespace image

inline namespace v0 {

PictureFacts read_picture_facts(const Bytes& bytes) {
  if (!image::is_png(bytes) && !image::is_jpeg(bytes)) image::fail_unknown();
  PictureFacts facts = image::is_png(bytes) ? image::png_facts(bytes) : image::jpeg_facts(bytes);
  image::check_size(facts.width, facts.height);
  return facts;
}

Bytes read_picture_pixels(const Bytes& bytes, std::uint32_t& width, std::uint32_t& height) {
  if (image::is_png(bytes)) return image::decode_png(bytes, width, height);
  if (image::is_jpeg(bytes)) return image::decode_jpeg(bytes, width, height);
  image::fail_unknown();
}

}  // namespace v0
}  // namespace zimg
