// ImageFormat is how a picture is encoded when it is delivered or stored.
#pragma once

#include <cstdint>

namespace zimg {
inline namespace v0 {

enum class ImageFormat : std::uint8_t { kPng = 1, kJpeg = 2 };

}  // namespace v0
}  // namespace zimg
