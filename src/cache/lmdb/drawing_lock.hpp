// The right to draw a picture, one at a time among all who share a store: a lock on one byte of a file, found from the
// picture's key. It goes with its holder, however that ends; nothing is written, nothing is synced.
#pragma once

#include <string>

#include "zimg/cache.hpp"

namespace zimg::cache {

// Claims `key` in the lock file `path`, which is created with mode 0600 when absent. Never waits. Two claims of one
// process exclude each other like those of two. Errors: kCache.
DrawingClaim claim_drawing(const std::string& path, const CacheKey& key);

}  // namespace zimg::cache
