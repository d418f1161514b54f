// The bounds of what may be drawn that several folders hold to: what one of them would refuse after the work, another
// refuses before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zimg::base {

// The largest picture that is drawn, read or written. Low enough that a small file that lies about its size cannot take
// the memory of the machine.
inline constexpr std::uint32_t kMaxPictureSide = 16384;                     // pixels
inline constexpr std::uint64_t kMaxPicturePixels = std::uint64_t{1} << 26;  // 8192 x 8192

// Of requests, and so of a model's defaults.
inline constexpr std::uint32_t kMaxSteps = 1000;
inline constexpr double kMaxGuidance = 100;

// Of a model's name: what an entry of a cache takes.
inline constexpr std::size_t kLongestModelName = 255;  // bytes

}  // namespace zimg::base
