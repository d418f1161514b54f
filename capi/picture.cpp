#include "capi/picture.hpp"

#include <string>
#include <utility>

#include "capi/guard.hpp"
#include "capi/text.hpp"
#include "zimg/image.hpp"

using namespace zimg::capi;
using zimg::Error;
using zimg::ErrorCode;

zimg_status zimg_picture_create(zimg_picture** out_picture, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_picture, "out_picture"); });
}

zimg_status zimg_picture_decode(const void* bytes, size_t size, zimg_picture** out_picture, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_picture, "out_picture");
    zimg::Picture picture;
    picture.rgb = zimg::read_picture_pixels(bytes_of(bytes, size, "bytes"), picture.width, picture.height);
    create(out_picture, "out_picture", std::move(picture));
  });
}

zimg_status zimg_picture_set_rgb(zimg_picture* picture, uint32_t width, uint32_t height, const uint8_t* rgb,
                                 size_t size, zimg_error** out_error) {
  return guarded(out_error, [&] {
    zimg::Picture& value = required(picture, "picture").value;
    if (size != 0) required_pointer(rgb, "rgb");
    // The pixels of two 32-bit sides fit into 64 bits; three times that may not.
    const std::uint64_t pixels = std::uint64_t{width} * height;
    if (size % 3 != 0 || size / 3 != pixels) {
      throw Error(ErrorCode::kInvalidArgument, "the argument 'size' is " + std::to_string(size) +
                                                   "; three bytes for each of " + std::to_string(width) + "x" +
                                                   std::to_string(height) + " pixels are expected");
    }
    value.rgb = bytes_of(rgb, size, "rgb");
    value.width = width;
    value.height = height;
  });
}

zimg_status zimg_picture_set_stage_ms(zimg_picture* picture, zimg_stage stage, double ms, zimg_error** out_error) {
  return guarded(out_error, [&] {
    zimg::Picture& value = required(picture, "picture").value;
    switch (stage) {
      case ZIMG_STAGE_WAIT:
        value.wait_ms = ms;
        break;
      case ZIMG_STAGE_LOAD:
        value.load_ms = ms;
        break;
      case ZIMG_STAGE_ENCODE_TEXT:
        value.encode_text_ms = ms;
        break;
      case ZIMG_STAGE_DENOISE:
        value.denoise_ms = ms;
        break;
      case ZIMG_STAGE_DECODE:
        value.decode_ms = ms;
        break;
      default:
        throw Error(ErrorCode::kInvalidArgument, "the argument 'stage' is " + std::to_string(stage) +
                                                     ", which is no stage of a drawing; 2 to 6 are expected");
    }
  });
}

uint32_t zimg_picture_width(const zimg_picture* picture) {
  return alive(picture) == nullptr ? 0 : picture->value.width;
}

uint32_t zimg_picture_height(const zimg_picture* picture) {
  return alive(picture) == nullptr ? 0 : picture->value.height;
}

const uint8_t* zimg_picture_rgb(const zimg_picture* picture, size_t* out_size) {
  const bool is_there = alive(picture) != nullptr && !picture->value.rgb.empty();
  if (out_size != nullptr) *out_size = is_there ? picture->value.rgb.size() : 0;
  return is_there ? picture->value.rgb.data() : nullptr;
}

void zimg_picture_destroy(zimg_picture* picture) {
  destroy(picture);
}
