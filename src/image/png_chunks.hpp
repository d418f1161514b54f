// The chunks of a PNG in file order. The octets stay the caller's and must outlive the reader.
//
// One thread at a time. Errors: kInvalidArgument naming the chunk and its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "zimg/bytes.hpp"

namespace zimg::image {

struct PngChunk {
  std::string_view type;  // four letters
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;    // of the data
  std::size_t offset = 0;  // of the whole chunk in the file

  // Of an IHDR.
  std::uint32_t width() const;
  std::uint32_t height() const;
};

bool is_png(const Bytes& bytes) noexcept;

class PngChunks {
 public:
  // Checks the signature and the IHDR.
  explicit PngChunks(const Bytes& png);

  const PngChunk& header() const { return header_; }

  // The chunk after the last one returned, its checksum checked; the first call gives the one after IHDR; nullopt after
  // IEND. What follows IEND is not looked at.
  std::optional<PngChunk> next();

 private:
  PngChunk read();

  const Bytes& png_;
  std::size_t position_;
  PngChunk header_;
  bool has_data_ = false;
  bool is_done_ = false;
};

// A whole chunk: length, `type`, `data`, checksum.
std::string make_png_chunk(std::string_view type, std::string_view data);

}  // namespace zimg::image
