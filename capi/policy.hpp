// zimg_policy: a zimg::CachePolicy that was filled from C.
#pragma once

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_policy : zimg::capi::Handle<zimg_policy> {
  zimg::CachePolicy value;
};

namespace zimg::capi {

// The policy; the default one for NULL.
CachePolicy policy_of(const zimg_policy* policy);

}  // namespace zimg::capi
