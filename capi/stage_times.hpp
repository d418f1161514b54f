// Stage times by zimg_stage.
#pragma once

#include "zimg/result.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

// Milliseconds; 0 for a number that is no stage.
inline double stage_ms(const StageTimes& times, zimg_stage stage) noexcept {
  switch (stage) {
    case ZIMG_STAGE_CANONICALIZE:
      return times.canonicalize;
    case ZIMG_STAGE_LOOKUP:
      return times.lookup;
    case ZIMG_STAGE_WAIT:
      return times.wait;
    case ZIMG_STAGE_LOAD:
      return times.load;
    case ZIMG_STAGE_ENCODE_TEXT:
      return times.encode_text;
    case ZIMG_STAGE_DENOISE:
      return times.denoise;
    case ZIMG_STAGE_DECODE:
      return times.decode;
    case ZIMG_STAGE_ENCODE_IMAGE:
      return times.encode_image;
    case ZIMG_STAGE_TOTAL:
      return times.total;
    default:
      return 0;
  }
}

}  // namespace zimg::capi
