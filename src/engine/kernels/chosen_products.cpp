#include "engine/kernels/chosen_products.hpp"

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/float_product.hpp"
#include "engine/kernels/tile_product.hpp"
#include "engine/kernels/vector_product.hpp"

namespace zimg::engine::kernels {

std::string chosen_products() {
  std::string products = has_tile_product()           ? "tiles"
                         : has_vector_product()       ? "vectors"
                         : has_narrow_product_alone() ? "widened"
                                                      : "libtorch";
  if (has_float_product()) products += "+fp32-vectors";
  if (has_block_product(at::kBFloat16)) products += "+bf16-blocks";
  if (has_block_product(at::kFloat)) products += "+fp32-blocks";
  return products;
}

}  // namespace zimg::engine::kernels
