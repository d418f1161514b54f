#include "image/jpeg_codec.hpp"

#include <turbojpeg.h>

#include <memory>
#include <new>
#include <string>

#include "base/scope_exit.hpp"
#include "image/image_limits.hpp"
#include "image/image_writer.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

constexpr int kFullColourQuality = 90;  // from here on colour is kept at full resolution (4:4:4)

struct Destroy {
  void operator()(void* handle) const { ::tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Destroy>;

Handle checked(tjhandle handle) {
  if (handle == nullptr) throw Error(ErrorCode::kOutOfMemory, "the JPEG codec cannot start");
  return Handle(handle);
}

[[noreturn]] void fail_reading(const Handle& handle) {
  throw Error(ErrorCode::kInvalidArgument, std::string("the JPEG cannot be read: ") + ::tjGetErrorStr2(handle.get()));
}

}  // namespace

Bytes encode_jpeg(const Bytes& rgb, std::uint32_t width, std::uint32_t height, int quality) {
  check_pixels(rgb.size(), width, height);
  if (quality < 1 || quality > 100) {
    throw Error(ErrorCode::kInvalidArgument,
                "the JPEG quality is " + std::to_string(quality) + " where 1 to 100 is expected");
  }
  const Handle codec = checked(::tjInitCompress());
  const int subsampling = quality >= kFullColourQuality ? TJSAMP_444 : TJSAMP_420;
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const base::ScopeExit free_data([&] { ::tjFree(data); });
  // The accurate transform gives the same octets with and without vector instructions.
  if (::tjCompress2(codec.get(), rgb.data(), static_cast<int>(width), 0, static_cast<int>(height), TJPF_RGB, &data,
                    &size, subsampling, quality, TJFLAG_ACCURATEDCT) != 0) {
    throw Error(ErrorCode::kInternal, std::string("the JPEG cannot be written: ") + ::tjGetErrorStr2(codec.get()));
  }
  return Bytes(data, data + size);
}

Bytes decode_jpeg(const Bytes& jpeg, std::uint32_t& width, std::uint32_t& height) {
  const Handle codec = checked(::tjInitDecompress());
  int columns = 0;
  int rows = 0;
  int subsampling = 0;
  int colours = 0;
  if (::tjDecompressHeader3(codec.get(), jpeg.data(), jpeg.size(), &columns, &rows, &subsampling, &colours) != 0) {
    fail_reading(codec);
  }
  check_size(static_cast<std::uint32_t>(columns), static_cast<std::uint32_t>(rows));
  Bytes rgb;
  try {
    rgb.resize(std::size_t{3} * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, "the pixels of the JPEG do not fit into memory");
  }
  if (::tjDecompress2(codec.get(), jpeg.data(), jpeg.size(), rgb.data(), columns, 0, rows, TJPF_RGB,
                      TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0) {
    fail_reading(codec);
  }
  width = static_cast<std::uint32_t>(columns);
  height = static_cast<std::uint32_t>(rows);
  return rgb;
}

}  // namespace zimg::image
