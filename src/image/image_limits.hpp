// The largest picture that is read or written, and the check that pixels fit their size.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/drawing_limits.hpp"

namespace zimg::image {

inline constexpr std::uint32_t kMaxSide = base::kMaxPictureSide;
inline constexpr std::uint64_t kMaxPixels = base::kMaxPicturePixels;
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;  // of all texts of one picture

// Errors: kInvalidArgument when either side is 0 or beyond kMaxSide, or the area beyond kMaxPixels.
void check_size(std::uint32_t width, std::uint32_t height);

// check_size, and kInvalidArgument unless `rgb_bytes` is width * height * 3.
void check_pixels(std::size_t rgb_bytes, std::uint32_t width, std::uint32_t height);

}  // namespace zimg::image
