// Classifier-free guidance as Z-Image's pipeline has it. Section 6 of the model reference.
#pragma once

#include <ATen/core/TensorBody.h>

namespace zimg::engine {

struct Guidance {
  float scale = 0;          // 0 is off; the usual "CFG scale" less 1
  float normalization = 0;  // 0 is off; else the prediction's norm is at most this times the positive one's
  float truncation = 1;     // guidance stops where model time exceeds it; base::float_below of what was asked

  // Whether a step at model time `time` needs the negative prediction.
  bool is_active(float time) const { return scale > 0 && !(truncation <= 1 && time > truncation); }

  // positive + scale * (positive - negative), float32, then normalised.
  at::Tensor combine(const at::Tensor& positive, const at::Tensor& negative) const;
};

}  // namespace zimg::engine
