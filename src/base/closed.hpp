// What a cache answers that may not be used any more. Inline, because what calls a cache's functions is linked with
// caches, as the rest of this folder is not.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg::base {

// Errors: kClosed in a forked child of `owner`, which made `cache`.
inline void expect_owner(const ICache& cache, pid_t owner) {
  if (::getpid() == owner) return;
  throw Error(ErrorCode::kClosed, "the cache '" + cache.description() + "' belongs to the parent process");
}

// Throws kClosed: `cache` was closed.
[[noreturn]] inline void throw_closed(const ICache& cache) {
  throw Error(ErrorCode::kClosed, "the cache '" + cache.description() + "' was closed");
}

}  // namespace zimg::base
