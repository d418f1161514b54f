// zimg_request: a zimg::Request that was filled from C.
#pragma once

#include "capi/handle.hpp"
#include "zimg/request.hpp"
#include "zimg/zimg.h"

struct zimg_request : zimg::capi::Handle<zimg_request> {
  zimg::Request value;
};

struct zimg_progress : zimg::capi::Handle<zimg_progress> {
  explicit zimg_progress(const zimg::Progress* progress) : value(progress) {}
  const zimg::Progress* value;
};

namespace zimg::capi {

// `request` as `generator` is to answer it: its progress callback is called in a scope that tells who waits for it.
Request asked_of(const void* generator, const zimg_request& request);

}  // namespace zimg::capi
