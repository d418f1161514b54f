#include "checkpoint/tensor_view.hpp"

namespace zimg::checkpoint {

const char* dtype_name(DType dtype) noexcept {
  switch (dtype) {
    case DType::kF32:
      return "F32";
    case DType::kBf16:
      return "BF16";
    case DType::kF16:
      return "F16";
  }
  return "?";
}

}  // namespace zimg::checkpoint
