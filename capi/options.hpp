// zimg_options: a zimg::GeneratorOptions that was filled from C.
#pragma once

#include "capi/handle.hpp"
#include "zimg/generator.hpp"
#include "zimg/zimg.h"

struct zimg_options : zimg::capi::Handle<zimg_options> {
  zimg::GeneratorOptions value;
};
