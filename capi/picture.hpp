// zimg_picture: pixels.
#pragma once

#include <utility>

#include "capi/handle.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/zimg.h"

struct zimg_picture : zimg::capi::Handle<zimg_picture> {
  zimg_picture() = default;
  explicit zimg_picture(zimg::Picture picture) : value(std::move(picture)) {}
  zimg::Picture value;
};
