// What a cache answers that may not be used any more.
#pragma once

#include <sys/types.h>

#include "zimg/cache.hpp"

namespace zimg::base {

// Errors: kClosed in a forked child of `owner`, which made `cache`.
void expect_owner(const ICache& cache, pid_t owner);

// Throws kClosed: `cache` was closed.
[[noreturn]] void throw_closed(const ICache& cache);

}  // namespace zimg::base
