#include "generator/derived_entry.hpp"

#include <string>
#include <vector>

#include "image/image_writer.hpp"
#include "key/picture_key.hpp"
#include "zimg/error.hpp"
#include "zimg/image.hpp"

namespace zimg::generator {

CacheEntry jpeg_entry(const CacheEntry& png, int jpeg_quality) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  const Bytes rgb = read_picture_pixels(*png.payload, width, height);
  if (width != png.info.width || height != png.info.height) {
    throw Error(ErrorCode::kInvalidArgument, "the picture is " + std::to_string(width) + "x" + std::to_string(height) +
                                                 " pixels where its entry says " + std::to_string(png.info.width) +
                                                 "x" + std::to_string(png.info.height));
  }
  CacheEntry jpeg{png.info, nullptr};
  jpeg.info.format = ImageFormat::kJpeg;
  jpeg.info.stored_at_ms = 0;
  jpeg.info.payload_sha256 = {};
  jpeg.payload = std::make_shared<const Bytes>(image::encode_jpeg(rgb, width, height, jpeg_quality));
  return jpeg;
}

}  // namespace zimg::generator

namespace zimg {
inline namespace v0 {

std::vector<CacheKey> keys_of_picture(const CacheKey& key) {
  std::vector<CacheKey> keys{key};
  for (int quality = 100; quality >= 1; --quality) {
    keys.push_back(key::entry_key(key, ImageFormat::kJpeg, quality, image::kEncoderVersion));
  }
  return keys;
}

}  // namespace v0
}  // namespace zimg
