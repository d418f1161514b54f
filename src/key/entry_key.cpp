// The keys of what is derived from a picture.
#include "key/message_writer.hpp"
#include "key/picture_key.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

enum EntryTag : std::uint16_t { kPicture = 1, kFormat = 2, kQuality = 3, kEncoderVersion = 4 };

}  // namespace

CacheKey entry_key(const CacheKey& picture, ImageFormat format, int jpeg_quality, std::uint32_t encoder_version) {
  if (format == ImageFormat::kPng) return picture;
  if (format != ImageFormat::kJpeg) {
    throw Error(ErrorCode::kInvalidArgument, "the image format is " + std::to_string(static_cast<int>(format)) +
                                                 "; 1 (PNG) or 2 (JPEG) is expected");
  }
  if (jpeg_quality < 1 || jpeg_quality > 100) {
    throw Error(ErrorCode::kInvalidArgument,
                "the JPEG quality is " + std::to_string(jpeg_quality) + "; 1 to 100 is expected");
  }
  MessageWriter writer("zimg-entry", kKeySchema);
  writer.octets(kPicture, picture.digest().data(), picture.digest().size());
  writer.number(kFormat, static_cast<std::uint32_t>(format));
  writer.number(kQuality, static_cast<std::uint32_t>(jpeg_quality));
  writer.number(kEncoderVersion, encoder_version);
  return writer.digest();
}

}  // namespace zimg::key
