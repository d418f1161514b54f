// The transforms of Winograd's convolution F(4x4, 3x3): 36 products in place of 144 for a 4x4 tile of the output.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), interpolation points 0, 1, -1, 2,
// -2. Arithmetic is float32 throughout: of bfloat16 only images are read and written.
//
// Of an image that was doubled (nearest upsampling by 2) a patch has six pixels a side, of which four differ: a b b c c
// e. Its coefficients along a side are then 4a - 5b + c, 2(c - 4b), 0, 3(c - b), -(c - b) and 4b - 5c + e, so that four
// of them suffice, c - 4b and c - b in the place of their multiples. The products with the third and fourth are only
// used as a sum and a difference, and these are made: five products along a side, 25 for a tile.
//
// Images are [height, width, channels]; `plane` is the distance in floats between the coefficients, or products, of one
// tile, each a row of channels.
#pragma once

#include <array>
#include <cstdint>

#include "engine/kernels/row_kernels.hpp"

namespace zimg::engine::kernels {

inline constexpr std::int64_t kTileSide = 4;  // pixels of the output

// What a tile takes along a side: the pixels of its patch, which are as many coefficients, and its products; and which
// coefficient each product is made with.
struct TileScheme {
  std::int64_t patch_side = 0;
  std::int64_t product_side = 0;
  std::array<std::int64_t, 6> source{};

  std::int64_t coefficients() const { return patch_side * patch_side; }
  std::int64_t products() const { return product_side * product_side; }
};
inline constexpr TileScheme kPlainScheme{6, 6, {0, 1, 2, 3, 4, 5}};
inline constexpr TileScheme kDoubledScheme{4, 5, {0, 1, 2, 2, 3}};

struct TileImage {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
};

// The patch of `image` that begins at (top, left), outside of the image 0, into rows of coefficients: 36, or with
// `doubled` 16.
void winograd_input_tile(const float* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left,
                         float* coefficients, std::int64_t plane);
void winograd_input_tile(const Bf16* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left,
                         float* coefficients, std::int64_t plane);

// 36 or, with `doubled`, 25 rows of products, plus the bias of each channel and the pixel of `addend` (an image as
// large, or null), into the tile of the output at (top, left).
void winograd_output_tile(const float* products, std::int64_t plane, bool doubled, const float* bias,
                          const float* addend, float* image, const TileImage& shape, std::int64_t top,
                          std::int64_t left);
void winograd_output_tile(const float* products, std::int64_t plane, bool doubled, const float* bias,
                          const Bf16* addend, Bf16* image, const TileImage& shape, std::int64_t top, std::int64_t left);

}  // namespace zimg::engine::kernels
