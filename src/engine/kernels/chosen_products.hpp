// Which products of matrices this process takes on the CPU: kinds of them add up in other orders. The processor alone
// does not say, for the system may refuse a process the registers of its matrix units.
#pragma once

#include <string>

namespace zimg::engine::kernels {

// "tiles", "vectors", "widened" or "libtorch" for linear layers of bfloat16, and behind it, each after a "+", what
// there is of "fp32-vectors", "bf16-blocks" and "fp32-blocks". At most 45 octets.
std::string chosen_products();

}  // namespace zimg::engine::kernels
