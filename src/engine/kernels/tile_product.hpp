// Products of bfloat16 matrices on the CPU's matrix units (Intel AMX): on one thread, made for loops that parallelise
// around them. Sums are float32, in the order of the inner side.
#pragma once

#include <cstdint>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

// Rows and columns that the registers take at a time.
constexpr std::int64_t kTileSide = 32;

// Whether this CPU has such units, the system lets this process use them, and the compiler knew them. Tried once.
bool has_tile_product() noexcept;

// Sets this thread's tile registers up for tile_product() while it lives, then puts back what they were set up for:
// libtorch's own kernels remember that. REQUIRES: has_tile_product().
class TileRegisters {
 public:
  TileRegisters() noexcept;
  ~TileRegisters();
  TileRegisters(const TileRegisters&) = delete;
  TileRegisters& operator=(const TileRegisters&) = delete;

 private:
  alignas(64) unsigned char before_[64];
};

// y = a b, rounded once: a is [rows, inner], b a panel of kTileSide columns, [inner / 2, kTileSide, 2], and y is [rows,
// kTileSide]. Strides are distances between rows. `next` is where the caller reads next, which is brought nearer
// meanwhile; it may be null and may point past the end of anything. REQUIRES: TileRegisters live on this thread;
// `inner` is a multiple of kTileSide; a has rows to be read up to the next multiple of it.
void tile_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y, std::int64_t y_stride,
                  std::int64_t rows, std::int64_t inner, const Bf16* next) noexcept;

}  // namespace zimg::engine::kernels
