// The marker segments of a JPEG in file order. The octets stay the caller's and must outlive the reader.
//
// One thread at a time. Errors: kInvalidArgument naming the place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "zimg/bytes.hpp"

namespace zimg::image {

inline constexpr std::uint8_t kJpegApp0 = 0xE0;
inline constexpr std::uint8_t kJpegApp1 = 0xE1;
inline constexpr std::uint8_t kJpegComment = 0xFE;
inline constexpr std::size_t kMaxJpegSegment = 65533;  // octets of data

struct JpegSegment {
  std::uint8_t marker = 0;
  std::string_view data;
  std::size_t end = 0;  // where the next segment begins

  // Does it tell the size of the picture? (SOF0 to SOF15 less the three that are something else)
  bool is_frame() const;
  // Of a frame.
  std::uint32_t width() const;
  std::uint32_t height() const;
};

bool is_jpeg(const Bytes& bytes) noexcept;

class JpegSegments {
 public:
  explicit JpegSegments(const Bytes& jpeg);

  // The next segment, the first being the one after SOI; nullopt at EOI. Compressed data are passed over.
  std::optional<JpegSegment> next();

 private:
  void skip_compressed_data();

  const Bytes& jpeg_;
  std::size_t position_ = 2;
};

// Marker, length, `data`, which has at most kMaxJpegSegment octets.
std::string make_jpeg_segment(std::uint8_t marker, std::string_view data);

}  // namespace zimg::image
