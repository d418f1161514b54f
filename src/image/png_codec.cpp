#include "image/png_codec.hpp"

#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>

#include "image/image_limits.hpp"
#include "image/image_writer.hpp"
#include "image/png_chunks.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

struct PngWriting {
  Bytes* out;
  bool out_of_memory;
  char words[160];  // libpng's, when it fails
};

void on_error(png_structp png, png_const_charp words) {
  auto* writing = static_cast<PngWriting*>(png_get_error_ptr(png));
  std::snprintf(writing->words, sizeof writing->words, "%s", words);
  std::longjmp(png_jmpbuf(png), 1);
}

void on_warning(png_structp, png_const_charp) {}

void append(png_structp png, png_bytep data, std::size_t size) {
  auto* writing = static_cast<PngWriting*>(png_get_io_ptr(png));
  try {
    writing->out->insert(writing->out->end(), data, data + size);
    return;
  } catch (const std::bad_alloc&) {
    writing->out_of_memory = true;
  }
  png_error(png, "out of memory");  // outside the handler: a longjmp must not skip the end of an exception
}

void flush(png_structp) {}

// The only frame that a longjmp returns to: its locals are trivial and none changes after setjmp.
bool write_png(PngWriting* writing, const std::uint8_t* rgb, std::uint32_t width, std::uint32_t height) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writing, on_error, on_warning);
  if (png == nullptr) return false;
  png_infop info = png_create_info_struct(png);
  if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, writing, append, flush);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  // Cheap on purpose: level 1 after SUB costs a tenth of libpng's defaults and 15 % in size.
  png_set_compression_level(png, 1);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_compression_buffer_size(png, std::size_t{1} << 17);  // a few large IDAT chunks in place of 8 KiB ones
  png_write_info(png, info);
  for (std::uint32_t y = 0; y < height; ++y) png_write_row(png, rgb + std::size_t{y} * width * 3);
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return true;
}

[[noreturn]] void fail(const png_image& image) {
  throw Error(ErrorCode::kInvalidArgument, std::string("the PNG cannot be read: ") + image.message);
}

}  // namespace

Bytes encode_png(const Bytes& rgb, std::uint32_t width, std::uint32_t height) {
  check_pixels(rgb.size(), width, height);
  Bytes png;
  png.reserve(rgb.size() / 2);
  PngWriting writing{&png, false, "libpng could not start"};
  if (!write_png(&writing, rgb.data(), width, height)) {
    throw Error(writing.out_of_memory ? ErrorCode::kOutOfMemory : ErrorCode::kInternal,
                std::string("the PNG cannot be written: ") + writing.words);
  }
  return png;
}

Bytes decode_png(const Bytes& png, std::uint32_t& width, std::uint32_t& height) {
  PngChunks chunks(png);  // libpng stops after the last row: what follows is checked here
  const PngChunk header = chunks.header();
  while (chunks.next()) {
  }
  check_size(header.width(), header.height());
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0) fail(image);
  image.format = PNG_FORMAT_RGB;
  Bytes rgb;
  try {
    rgb.resize(PNG_IMAGE_SIZE(image));
  } catch (const std::bad_alloc&) {
    png_image_free(&image);
    throw Error(ErrorCode::kOutOfMemory, "the pixels of the PNG do not fit into memory");
  }
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&image, &white, rgb.data(), 0, nullptr) == 0) fail(image);
  width = image.width;
  height = image.height;
  return rgb;
}

}  // namespace zimg::image
