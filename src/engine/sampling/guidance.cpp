#include "engine/sampling/guidance.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine {

at::Tensor Guidance::combine(const at::Tensor& positive, const at::Tensor& negative) const {
  const at::Tensor prediction = positive + static_cast<double>(scale) * (positive - negative);
  if (!(normalization > 0)) return prediction;
  const at::Tensor limit = at::linalg_vector_norm(positive) * static_cast<double>(normalization);
  const at::Tensor norm = at::linalg_vector_norm(prediction);
  return at::where(norm > limit, prediction * (limit / norm), prediction);
}

}  // namespace zimg::engine
