#include "image/png_chunks.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "image/byte_order.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::size_t kFrame = 12;  // length, type, checksum

[[noreturn]] void fail_png(const std::string& what, std::size_t offset) {
  throw Error(ErrorCode::kInvalidArgument, "the PNG " + what + " at byte " + std::to_string(offset));
}

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::uint32_t checksum(const std::uint8_t* type_and_data, std::size_t size) {
  return static_cast<std::uint32_t>(::crc32_z(0, type_and_data, size));
}

}  // namespace

std::uint32_t PngChunk::width() const {
  return read_big32(data);
}

std::uint32_t PngChunk::height() const {
  return read_big32(data + 4);
}

bool is_png(const Bytes& bytes) noexcept {
  return bytes.size() >= kSignature.size() && std::equal(kSignature.begin(), kSignature.end(), bytes.begin());
}

PngChunks::PngChunks(const Bytes& png) : png_(png), position_(kSignature.size()) {
  if (!is_png(png)) throw Error(ErrorCode::kInvalidArgument, "the picture does not begin as a PNG does");
  header_ = read();
  if (header_.type != "IHDR" || header_.size != 13)
    fail_png("has another chunk in the place of its IHDR", header_.offset);
}

std::optional<PngChunk> PngChunks::next() {
  if (is_done_) return std::nullopt;
  const PngChunk chunk = read();
  if (chunk.type == "IDAT") has_data_ = true;
  if (chunk.type == "IEND") {
    if (!has_data_) fail_png("has no IDAT before its IEND", chunk.offset);
    is_done_ = true;
  }
  return chunk;
}

PngChunk PngChunks::read() {
  if (png_.size() - position_ < kFrame) fail_png("is cut", png_.size());
  const std::uint8_t* at = png_.data() + position_;
  PngChunk chunk;
  chunk.offset = position_;
  chunk.size = read_big32(at);
  chunk.type = {reinterpret_cast<const char*>(at) + 4, 4};
  chunk.data = at + 8;
  if (!std::all_of(chunk.type.begin(), chunk.type.end(), is_letter)) fail_png("has no chunk type", position_ + 4);
  if (chunk.size > png_.size() - position_ - kFrame) {
    fail_png("is cut in the chunk " + std::string(chunk.type), png_.size());
  }
  if (checksum(at + 4, chunk.size + 4) != read_big32(chunk.data + chunk.size)) {
    fail_png("is damaged: a wrong checksum in the chunk " + std::string(chunk.type), position_);
  }
  position_ += kFrame + chunk.size;
  return chunk;
}

std::string make_png_chunk(std::string_view type, std::string_view data) {
  std::string chunk;
  append_big32(chunk, static_cast<std::uint32_t>(data.size()));
  chunk += type;
  chunk += data;
  append_big32(chunk, checksum(reinterpret_cast<const std::uint8_t*>(chunk.data()) + 4, data.size() + 4));
  return chunk;
}

}  // namespace zimg::image
