// zimg_trace_event: a view of a zimg::TraceEvent.
#pragma once

#include "capi/handle.hpp"
#include "zimg/trace.hpp"
#include "zimg/zimg.h"

struct zimg_trace_event : zimg::capi::Handle<zimg_trace_event> {
  explicit zimg_trace_event(const zimg::TraceEvent* event) : value(event) {}
  const zimg::TraceEvent* value;
};
