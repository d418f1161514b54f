#include "engine/kernels/libtorchs_type.hpp"

#include "engine/kernels/float_product.hpp"

namespace zimg::engine::kernels {

at::ScalarType libtorchs_type(const at::Tensor& tensor) {
  const bool is_wider = has_narrow_product_alone() && tensor.is_cpu() && tensor.scalar_type() == at::kBFloat16;
  return is_wider ? at::kFloat : tensor.scalar_type();
}

}  // namespace zimg::engine::kernels
