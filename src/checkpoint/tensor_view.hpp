// A TensorView is one tensor of a memory-mapped checkpoint: name, dtype, shape and where its octets lie.
//
// It owns nothing: the Weights it came from keeps the file mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace zimg::checkpoint {

enum class DType : std::uint8_t { kF32, kBf16, kF16 };

constexpr std::size_t size_of(DType dtype) {
  return dtype == DType::kF32 ? 4 : 2;
}
const char* dtype_name(DType dtype) noexcept;  // "F32", "BF16", "F16"

struct TensorView {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;  // little-endian, row-major
  std::size_t size_bytes = 0;

  std::int64_t elements() const {
    std::int64_t count = 1;
    for (const auto extent : shape) count *= extent;
    return count;
  }

  // The format promises no alignment; vector loads want that of the element.
  bool is_aligned() const { return reinterpret_cast<std::uintptr_t>(data) % size_of(dtype) == 0; }
};

}  // namespace zimg::checkpoint
