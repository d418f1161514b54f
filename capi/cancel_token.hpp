// zimg_cancel_token: a zimg::CancelToken.
#pragma once

#include "capi/handle.hpp"
#include "zimg/request.hpp"
#include "zimg/zimg.h"

struct zimg_cancel_token : zimg::capi::Handle<zimg_cancel_token> {
  zimg::CancelToken value;
};
