// The request that asks for just what a canonical one is: canonical again, it must be itself.
#pragma once

#include "key/canonical_request.hpp"

namespace zimg_test {

// What is not in the canonical request is as it was asked for.
inline zimg::Request asking_for(const zimg::key::CanonicalRequest& canonical, const zimg::Request& asked) {
  zimg::Request request = asked;
  request.name_space = canonical.name_space;
  request.prompt = canonical.order.prompt;
  request.negative_prompt = canonical.order.negative_prompt;
  request.width = canonical.order.width;
  request.height = canonical.order.height;
  request.steps = canonical.steps;
  request.guidance = canonical.order.guidance;
  request.guidance_normalization = canonical.order.guidance_normalization;
  request.guidance_truncation = canonical.order.guidance_truncation;
  request.seed = canonical.order.seed;
  return request;
}

}  // namespace zimg_test
