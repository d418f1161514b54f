// The grid of sizes that the loose level folds down to. docs/key-format.md is its reference.
#pragma once

#include <cstdint>

namespace zimg::key {

// The greatest length on the grid that is at most `side`: a multiple, by 9 to 17, of size_step doubled any number of
// times; below nine times size_step, any multiple of it. `side` itself where that would take off more than a tenth.
// Idempotent. REQUIRES: size_step > 0.
std::uint32_t fold_side(std::uint32_t side, std::uint32_t size_step);

}  // namespace zimg::key
