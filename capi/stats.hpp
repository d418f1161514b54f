// zimg_stats: what a cache holds and did, as counts, and the part of each namespace.
#pragma once

#include <vector>

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_stats : zimg::capi::Handle<zimg_stats> {
  zimg::CacheStats value;
  std::vector<zimg::NamespaceStats> namespaces;
};
