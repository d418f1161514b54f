// zimg_cache: a shared ICache.
#pragma once

#include <memory>
#include <utility>

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_cache : zimg::capi::Handle<zimg_cache> {
  explicit zimg_cache(std::shared_ptr<zimg::ICache> cache) : value(std::move(cache)) {}
  const std::shared_ptr<zimg::ICache> value;  // never null
};

namespace zimg::capi {

// The cache that an argument of that name is. Errors: kInvalidArgument where it is NULL.
std::shared_ptr<ICache> required_cache(const zimg_cache* cache);

}  // namespace zimg::capi
