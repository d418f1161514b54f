// The open stores of this process. LMDB breaks its own locks when a process opens one store twice, so handles on one
// folder share one Environment.
#pragma once

#include <memory>

#include "cache/lmdb/environment.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

// The environment of the folder `options.path`, opened when this is its first user. The last user's going closes it.
// Errors: those of Environment; kCache when it is open with another size than `options` ask for.
std::shared_ptr<Environment> share_environment(const LmdbOptions& options);

}  // namespace zimg::cache
