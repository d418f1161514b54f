// zimg_metrics: a zimg::Metrics.
#pragma once

#include "capi/handle.hpp"
#include "zimg/metrics.hpp"
#include "zimg/zimg.h"

struct zimg_metrics : zimg::capi::Handle<zimg_metrics> {
  explicit zimg_metrics(const zimg::Metrics& metrics) : value(metrics) {}
  zimg::Metrics value;
};
