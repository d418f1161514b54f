// The release of the header and of the library that was loaded.
#pragma once

#include "zimg/export.hpp"

#define ZIMG_VERSION_MAJOR 0
#define ZIMG_VERSION_MINOR 1
#define ZIMG_VERSION_PATCH 0

namespace zimg {
inline namespace v0 {

// "0.1.0": of the library, which may differ from the macros above.
ZIMG_API const char* version() noexcept;

}  // namespace v0
}  // namespace zimg
