// zimg_lmdb_options: a zimg::LmdbOptions that was filled from C.
#pragma once

#include <utility>

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_lmdb_options : zimg::capi::Handle<zimg_lmdb_options> {
  zimg_lmdb_options() = default;
  explicit zimg_lmdb_options(zimg::LmdbOptions options) : value(std::move(options)) {}
  zimg::LmdbOptions value;
};
