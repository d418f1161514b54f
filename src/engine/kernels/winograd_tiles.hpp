// The transforms of Winograd's convolution F(4x4, 3x3): 36 products in place of 144 for a 4x4 tile of the output.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), interpolation points 0, 1, -1, 2,
// -2. Arithmetic is float32 throughout: of bfloat16 only images are read and written.
//
// Images are [height, width, channels]; `plane` is the distance in floats between the 36 coefficients of one tile, each
// a row of channels.
#pragma once

#include <cstdint>

#include "engine/kernels/row_kernels.hpp"

namespace zimg::engine::kernels {

inline constexpr std::int64_t kTileSide = 4;       // pixels of the output
inline constexpr std::int64_t kPatchSide = 6;      // pixels of the input
inline constexpr std::int64_t kCoefficients = 36;  // of one tile

struct TileImage {
  std::int64_t height = 0;    // of the convolution's output
  std::int64_t width = 0;     // likewise
  std::int64_t channels = 0;  // of the image that is read or written
};

// The patch around the output tile at (top, left), outside of the image 0, into 36 coefficient rows. With `doubled` the
// image that is read has half the height and width, and each of its pixels counts four times: nearest upsampling.
void winograd_input_tile(const float* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left,
                         float* coefficients, std::int64_t plane);
void winograd_input_tile(const Bf16* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left,
                         float* coefficients, std::int64_t plane);

// 36 rows of products, plus the bias of each channel and the pixel of `addend` (an image as large, or null), into the
// tile of the output at (top, left).
void winograd_output_tile(const float* products, std::int64_t plane, const float* bias, const float* addend,
                          float* image, const TileImage& shape, std::int64_t top, std::int64_t left);
void winograd_output_tile(const float* products, std::int64_t plane, const float* bias, const Bf16* addend, Bf16* image,
                          const TileImage& shape, std::int64_t top, std::int64_t left);

}  // namespace zimg::engine::kernels
