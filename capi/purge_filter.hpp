// zimg_purge_filter: a zimg::PurgeFilter that was filled from C.
#pragma once

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_purge_filter : zimg::capi::Handle<zimg_purge_filter> {
  zimg::PurgeFilter value;
};
