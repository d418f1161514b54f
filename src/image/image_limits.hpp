// The largest picture that is read or written, and the check that pixels fit their size. Above what any model draws,
// and low enough that a small file that lies about its size cannot take the memory of the machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zimg::image {

inline constexpr std::uint32_t kMaxSide = 16384;                     // pixels
inline constexpr std::uint64_t kMaxPixels = std::uint64_t{1} << 26;  // 8192 x 8192
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;  // of all texts of one picture

// Errors: kInvalidArgument when either side is 0 or beyond kMaxSide, or the area beyond kMaxPixels.
void check_size(std::uint32_t width, std::uint32_t height);

// check_size, and kInvalidArgument unless `rgb_bytes` is width * height * 3.
void check_pixels(std::size_t rgb_bytes, std::uint32_t width, std::uint32_t height);

}  // namespace zimg::image
