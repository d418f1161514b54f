#include "engine/kernels/winograd.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/float_product.hpp"
#include "engine/kernels/row_kernels.hpp"
#include "engine/kernels/turns.hpp"
#include "engine/kernels/winograd_tiles.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kFewestChannels = 64;  // below, the transforms cost more than they save
constexpr std::int64_t kLine = 16;            // floats of a line of the caches

// Rows of a matrix of weights a power of two apart would take each other's places in the first cache.
std::int64_t panel_columns(std::int64_t out) {
  return has_float_product() && out % float_columns() == 0 ? float_columns() : out;
}

// Likewise the rows that belong to one tile: they lie a line further apart than `rows` of them take.
std::int64_t plane_size(std::int64_t rows, std::int64_t channels) {
  return rows * channels + kLine;
}

std::int64_t quotient_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

// Tiles that one thread takes through all three stages at a time. Few keep coefficients and products in its own cache;
// many read the weights less often, which matters where these come from memory each time.
std::int64_t tiles_at_once(std::int64_t tiles, std::int64_t weights) {
  constexpr std::int64_t kStep = 16;  // rows of a block product that fill the vector registers
  constexpr std::int64_t kWeightsNear = std::int64_t{4} << 20;  // floats that stay in the last cache
  const std::int64_t share = quotient_up(quotient_up(tiles, at::get_num_threads()), kStep) * kStep;
  return std::clamp(share, kStep, weights <= kWeightsNear ? kStep : 4 * kStep);
}

// A rectangle of tiles.
struct Piece {
  std::int64_t top, left, rows, columns;
  std::int64_t tiles() const { return rows * columns; }
};

// What does not change from piece to piece.
struct Plan {
  TileImage from, to;
  bool doubled;
  const float* weight;
  const float* bias;
  const ChannelFactors* norm;
  std::int64_t rows = 0, columns = 0;              // of tiles
  std::int64_t piece_rows = 0, piece_columns = 0;  // at most

  const TileScheme& scheme() const { return doubled ? kDoubledScheme : kPlainScheme; }
  std::int64_t pieces() const { return quotient_up(rows, piece_rows) * quotient_up(columns, piece_columns); }
  Piece piece(std::int64_t i) const {
    const std::int64_t across = quotient_up(columns, piece_columns);
    const std::int64_t top = i / across * piece_rows;
    const std::int64_t left = i % across * piece_columns;
    return {top, left, std::min(piece_rows, rows - top), std::min(piece_columns, columns - left)};
  }
};

void cut_into_pieces(Plan& plan) {
  plan.rows = quotient_up(plan.to.height, kTileSide);
  plan.columns = quotient_up(plan.to.width, kTileSide);
  const std::int64_t weights = plan.scheme().products() * plan.from.channels * plan.to.channels;
  const std::int64_t most = tiles_at_once(plan.rows * plan.columns, weights);
  plan.piece_columns = quotient_up(plan.columns, quotient_up(plan.columns, most));
  plan.piece_rows = std::max<std::int64_t>(1, most / plan.piece_columns);
}

// The image of a piece's patches.
TileImage patches_of(const Plan& plan, const Piece& piece) {
  const std::int64_t edges = plan.scheme().patch_side - kTileSide;
  return {kTileSide * piece.rows + edges, kTileSide * piece.columns + edges, plan.from.channels};
}

// silu(norm(…)) of the pixels that the piece reads, zeros outside of the image.
template <class T>
void norm_patches(const Plan& plan, const Piece& piece, const T* image, T* to) {
  const TileImage patches = patches_of(plan, piece);
  for (std::int64_t i = 0; i < patches.height; ++i) {
    const std::int64_t y = kTileSide * piece.top - 1 + i;
    for (std::int64_t j = 0; j < patches.width; ++j, to += patches.channels) {
      const std::int64_t x = kTileSide * piece.left - 1 + j;
      if (y < 0 || y >= plan.from.height || x < 0 || x >= plan.from.width) {
        std::fill_n(to, patches.channels, T{0});
      } else {
        affine_silu_row(image + (y * plan.from.width + x) * patches.channels, plan.norm->factor.data(),
                        plan.norm->offset.data(), to, patches.channels);
      }
    }
  }
}

template <class T>
struct Scratch {
  explicit Scratch(const Plan& plan) {
    const Piece largest{0, 0, plan.piece_rows, plan.piece_columns};
    const auto room = [&](std::int64_t planes, std::int64_t channels) {
      return std::make_unique_for_overwrite<float[]>(
          static_cast<std::size_t>(planes * plane_size(largest.tiles(), channels)));
    };
    coefficients = room(plan.scheme().coefficients(), plan.from.channels);
    products = room(plan.scheme().products(), plan.to.channels);
    if (plan.norm == nullptr) return;
    const TileImage patches = patches_of(plan, largest);
    normed = std::make_unique_for_overwrite<T[]>(
        static_cast<std::size_t>(patches.height * patches.width * patches.channels));
  }

  std::unique_ptr<float[]> coefficients, products;
  std::unique_ptr<T[]> normed;
};

template <class T>
void transform_patches(const Plan& plan, const Piece& piece, const T* image, Scratch<T>& scratch) {
  const std::int64_t plane = plane_size(piece.tiles(), plan.from.channels);
  float* to = scratch.coefficients.get();
  if (plan.norm != nullptr) norm_patches(plan, piece, image, scratch.normed.get());
  for (std::int64_t i = 0; i < piece.tiles(); ++i, to += plan.from.channels) {
    const std::int64_t row = i / piece.columns;
    const std::int64_t column = i % piece.columns;
    if (plan.norm != nullptr) {
      winograd_input_tile(scratch.normed.get(), patches_of(plan, piece), false, kTileSide * row, kTileSide * column, to,
                          plane);
    } else {
      const std::int64_t step = plan.doubled ? kTileSide / 2 : kTileSide;
      winograd_input_tile(image, plan.from, plan.doubled, step * (piece.top + row) - 1,
                          step * (piece.left + column) - 1, to, plane);
    }
  }
}

template <class T>
void multiply(const Plan& plan, const Piece& piece, Scratch<T>& scratch) {
  const TileScheme& scheme = plan.scheme();
  const std::int64_t in = plan.from.channels;
  const std::int64_t out = plan.to.channels;
  const std::int64_t panel = panel_columns(out);
  for (std::int64_t k = 0; k < scheme.products(); ++k) {
    const auto source = [&](std::int64_t i) { return scheme.source[static_cast<std::size_t>(i)]; };
    const std::int64_t coefficient =
        source(k / scheme.product_side) * scheme.patch_side + source(k % scheme.product_side);
    const float* rows = scratch.coefficients.get() + coefficient * plane_size(piece.tiles(), in);
    float* products = scratch.products.get() + k * plane_size(piece.tiles(), out);
    for (std::int64_t column = 0; column < out; column += panel) {
      const float* weights = plan.weight + (k * out + column) * in;
      if (panel == float_columns()) {
        float_product(rows, in, weights, products + column, out, piece.tiles(), in);
      } else {
        block_product(rows, in, weights, panel, products + column, out, piece.tiles(), panel, in, false);
      }
    }
  }
}

template <class T>
void run_piece(const Plan& plan, const Piece& piece, const T* from, const T* addend, T* to, Scratch<T>& scratch) {
  transform_patches(plan, piece, from, scratch);
  multiply(plan, piece, scratch);
  const std::int64_t out = plan.to.channels;
  for (std::int64_t i = 0; i < piece.tiles(); ++i) {
    winograd_output_tile(scratch.products.get() + i * out, plane_size(piece.tiles(), out), plan.doubled, plan.bias,
                         addend, to, plan.to, kTileSide * (piece.top + i / piece.columns),
                         kTileSide * (piece.left + i % piece.columns));
  }
}

// The transform of kernels along a side, [products, 3]: Lavin and Gray's G, or for a doubled image what follows from
// it: the first row, twice the second, three times the fourth less and plus the fifth, the sixth.
at::Tensor kernel_transform(bool doubled) {
  const std::vector<double> plain = {1.0 / 4,  0.0,       0.0,      -1.0 / 6, -1.0 / 6, -1.0 / 6,
                                     -1.0 / 6, 1.0 / 6,   -1.0 / 6, 1.0 / 24, 1.0 / 12, 1.0 / 6,
                                     1.0 / 24, -1.0 / 12, 1.0 / 6,  0.0,      0.0,      1.0};
  const std::vector<double> of_doubled = {1.0 / 4, 0.0,     0.0,     -1.0 / 3, -1.0 / 3, -1.0 / 3, 1.0 / 12, 1.0 / 3,
                                          1.0 / 3, 1.0 / 6, 1.0 / 6, 2.0 / 3,  0.0,      0.0,      1.0};
  return at::tensor(doubled ? of_doubled : plain, at::kDouble).to(at::kFloat).view({-1, 3});
}

}  // namespace

bool winograd_pays(const at::Tensor& weight) {
  return weight.is_cpu() && weight.size(0) >= kFewestChannels && weight.size(1) >= kFewestChannels &&
         has_block_product(at::kFloat);
}

at::Tensor winograd_weight(const at::Tensor& weight, bool doubled) {
  const at::Tensor g = kernel_transform(doubled);
  const at::Tensor wide = at::matmul(at::matmul(g, weight.to(at::kFloat)), g.t());  // [out, in, side, side]
  const std::int64_t out = weight.size(0);
  const std::int64_t panel = panel_columns(out);
  return wide.reshape({out / panel, panel, weight.size(1), g.size(0) * g.size(0)}).permute({3, 0, 2, 1}).contiguous();
}

at::Tensor winograd_convolution(const at::Tensor& x, const ChannelFactors* norm, const at::Tensor& weight,
                                const at::Tensor& bias, bool doubled, const at::Tensor& addend, at::Tensor into) {
  const at::Tensor image = x.contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t scale = doubled ? 2 : 1;
  Plan plan{{x.size(2), x.size(3), x.size(1)},
            {scale * x.size(2), scale * x.size(3), bias.size(0)},
            doubled,
            weight.const_data_ptr<float>(),
            bias.const_data_ptr<float>(),
            norm};
  cut_into_pieces(plan);
  at::Tensor y = takes_rows(into) ? std::move(into)
                                  : at::empty({1, plan.to.channels, plan.to.height, plan.to.width}, x.options(),
                                              at::MemoryFormat::ChannelsLast);
  const at::Tensor added = addend.defined() ? addend.contiguous(at::MemoryFormat::ChannelsLast) : addend;
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(image);
    const T* plus = added.defined() ? elements<T>(added) : nullptr;
    T* to = mutable_elements<T>(y);
    take_turns(plan.pieces(), 1, [&](Turns& turns) {
      Scratch<T> scratch(plan);
      for (std::int64_t i = 0; turns.take(i);) run_piece(plan, plan.piece(i), from, plus, to, scratch);
      release_block_product();
    });
  });
  return y;
}

}  // namespace zimg::engine::kernels
