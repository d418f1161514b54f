#include "key/size_grid.hpp"

namespace zimg::key {

// Side by side is best for both: of all sizes on the grid, the one whose sides are each the next below changes the sum
// of |log area| and |log aspect|, which is twice the larger loss of a side, the least.
std::uint32_t fold_side(std::uint32_t side, std::uint32_t size_step) {
  constexpr std::uint32_t kLeast = 9;  // 9 of 10 parts are left when the next multiple was just missed
  std::uint64_t spacing = size_step;
  while (spacing * 2 * kLeast <= side) spacing *= 2;
  const std::uint64_t folded = side / spacing * spacing;
  return folded * 10 >= std::uint64_t{side} * 9 ? static_cast<std::uint32_t>(folded) : side;
}

}  // namespace zimg::key
