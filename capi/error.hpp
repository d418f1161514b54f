// zimg_error: a status and a sentence; and what a foreign callback reported, as an exception.
#pragma once

#include <string>

#include "capi/handle.hpp"
#include "zimg/error.hpp"
#include "zimg/zimg.h"

struct zimg_error : zimg::capi::Handle<zimg_error> {
  zimg_status status = ZIMG_STATUS_INTERNAL;
  std::string message;
};

namespace zimg::capi {

// Throws what a callback called `name` answered with `status` and, if it made one, `error`, which is destroyed. Returns
// where the status is ZIMG_STATUS_OK. A status that is none is kInternal.
void check_callback(zimg_status status, zimg_error* error, const char* name);

}  // namespace zimg::capi
