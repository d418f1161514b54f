// Entries that are made from a stored PNG without drawing.
#pragma once

#include "zimg/cache.hpp"

namespace zimg::generator {

// The same picture as a JPEG; its facts are those of `png`. Errors: kInvalidArgument when `png` is no picture of the
// size that its facts tell.
CacheEntry jpeg_entry(const CacheEntry& png, int jpeg_quality);

}  // namespace zimg::generator
