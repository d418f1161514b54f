#include "image/image_limits.hpp"

#include <string>

#include "zimg/error.hpp"

namespace zimg::image {

void check_size(std::uint32_t width, std::uint32_t height) {
  const std::uint64_t area = std::uint64_t{width} * height;
  if (width >= 1 && height >= 1 && width <= kMaxSide && height <= kMaxSide && area <= kMaxPixels) return;
  throw Error(ErrorCode::kInvalidArgument, "a picture of " + std::to_string(width) + "x" + std::to_string(height) +
                                               " pixels was found where 1 to " + std::to_string(kMaxSide) +
                                               " a side and at most " + std::to_string(kMaxPixels) + " are expected");
}

void check_pixels(std::size_t rgb_bytes, std::uint32_t width, std::uint32_t height) {
  check_size(width, height);
  const std::uint64_t expected = std::uint64_t{width} * height * 3;
  if (rgb_bytes == expected) return;
  throw Error(ErrorCode::kInvalidArgument, "pixels hold " + std::to_string(rgb_bytes) + " bytes where " +
                                               std::to_string(expected) + " are expected for " + std::to_string(width) +
                                               "x" + std::to_string(height));
}

}  // namespace zimg::image
