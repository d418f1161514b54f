#include "image/inflate.hpp"

#include <zlib.h>

#include <array>

#include "base/scope_exit.hpp"

namespace zimg::image {

std::optional<std::string> inflate(const std::uint8_t* data, std::size_t size, std::size_t max_bytes) {
  z_stream stream{};
  if (::inflateInit(&stream) != Z_OK) return std::nullopt;
  const base::ScopeExit end_stream([&] { ::inflateEnd(&stream); });
  stream.next_in = const_cast<std::uint8_t*>(data);  // zlib reads it only
  stream.avail_in = static_cast<uInt>(size);         // a chunk: below 4 GiB
  std::string text;
  std::array<std::uint8_t, 16384> piece;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    state = ::inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) return std::nullopt;
    const std::size_t made = piece.size() - stream.avail_out;
    if (made > max_bytes - text.size()) return std::nullopt;
    text.append(reinterpret_cast<const char*>(piece.data()), made);
  }
  return text;
}

}  // namespace zimg::image
