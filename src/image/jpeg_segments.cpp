#include "image/jpeg_segments.hpp"

#include <cstring>

#include "image/byte_order.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

constexpr std::uint8_t kEnd = 0xD9;
constexpr std::uint8_t kScan = 0xDA;

[[noreturn]] void fail_jpeg(const std::string& what, std::size_t offset) {
  throw Error(ErrorCode::kInvalidArgument, "the JPEG " + what + " at byte " + std::to_string(offset));
}

bool is_restart(std::uint8_t marker) {
  return marker >= 0xD0 && marker <= 0xD7;
}

const std::uint8_t* octets(std::string_view data) {
  return reinterpret_cast<const std::uint8_t*>(data.data());
}

}  // namespace

bool JpegSegment::is_frame() const {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC && data.size() >= 6;
}

std::uint32_t JpegSegment::width() const {
  return read_big16(octets(data) + 3);
}

std::uint32_t JpegSegment::height() const {
  return read_big16(octets(data) + 1);
}

bool is_jpeg(const Bytes& bytes) noexcept {
  return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

JpegSegments::JpegSegments(const Bytes& jpeg) : jpeg_(jpeg) {
  if (!is_jpeg(jpeg)) throw Error(ErrorCode::kInvalidArgument, "the picture does not begin as a JPEG does");
}

std::optional<JpegSegment> JpegSegments::next() {
  std::size_t at = position_;
  if (at < jpeg_.size() && jpeg_[at] != 0xFF) fail_jpeg("has no marker", at);
  while (at < jpeg_.size() && jpeg_[at] == 0xFF) ++at;  // any number of fill octets before the marker
  if (at >= jpeg_.size()) fail_jpeg("is cut", jpeg_.size());
  JpegSegment segment;
  segment.marker = jpeg_[at++];
  if (segment.marker == kEnd) return std::nullopt;
  if (segment.marker < 0xC0 || is_restart(segment.marker) || segment.marker == 0xD8)
    fail_jpeg("has a stray marker", at - 1);
  if (jpeg_.size() - at < 2) fail_jpeg("is cut", jpeg_.size());
  const std::size_t length = read_big16(jpeg_.data() + at);
  if (length < 2) fail_jpeg("has a segment shorter than its own length", at);
  if (length > jpeg_.size() - at) fail_jpeg("is cut", jpeg_.size());
  segment.data = {reinterpret_cast<const char*>(jpeg_.data()) + at + 2, length - 2};
  position_ = at + length;
  if (segment.marker == kScan) skip_compressed_data();
  segment.end = position_;
  return segment;
}

void JpegSegments::skip_compressed_data() {
  while (true) {
    const void* found = std::memchr(jpeg_.data() + position_, 0xFF, jpeg_.size() - position_);
    if (found == nullptr) fail_jpeg("is cut", jpeg_.size());
    position_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - jpeg_.data());
    if (position_ + 1 >= jpeg_.size()) fail_jpeg("is cut", jpeg_.size());
    const std::uint8_t after = jpeg_[position_ + 1];
    if (after != 0 && !is_restart(after)) return;  // 0xFF 0x00 is a data octet
    position_ += 2;
  }
}

std::string make_jpeg_segment(std::uint8_t marker, std::string_view data) {
  std::string segment{static_cast<char>(0xFF), static_cast<char>(marker)};
  append_big16(segment, static_cast<std::uint16_t>(data.size() + 2));
  segment += data;
  return segment;
}

}  // namespace zimg::image
