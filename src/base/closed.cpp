#include "base/closed.hpp"

#include <unistd.h>

#include "zimg/error.hpp"

namespace zimg::base {

void expect_owner(const ICache& cache, pid_t owner) {
  if (::getpid() == owner) return;
  throw Error(ErrorCode::kClosed, "the cache '" + cache.description() + "' belongs to the parent process");
}

void throw_closed(const ICache& cache) {
  throw Error(ErrorCode::kClosed, "the cache '" + cache.description() + "' was closed");
}

}  // namespace zimg::base
