// zimg_result: a zimg::Result and the view of its report.
#pragma once

#include <utility>

#include "capi/handle.hpp"
#include "zimg/result.hpp"
#include "zimg/zimg.h"

struct zimg_report : zimg::capi::Handle<zimg_report> {
  explicit zimg_report(const zimg::Report* report) : value(report) {}
  const zimg::Report* value;
};

struct zimg_result : zimg::capi::Handle<zimg_result> {
  explicit zimg_result(zimg::Result result) : value(std::move(result)) {}
  zimg_result(const zimg_result&) = delete;  // the view points into it
  zimg_result& operator=(const zimg_result&) = delete;
  zimg::Result value;
  const zimg_report report{&value.report};
};
