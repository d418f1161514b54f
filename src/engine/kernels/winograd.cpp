#include "engine/kernels/winograd.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/winograd_tiles.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kFewestChannels = 64;  // below, the transforms cost more than they save
constexpr std::int64_t kPanelColumns = 64;    // output channels of one product, where they divide into such
constexpr std::int64_t kLine = 16;            // floats of a line of the caches

// Rows of a matrix of weights a power of two apart would take each other's places in the first cache.
std::int64_t panel_columns(std::int64_t out) {
  return out % kPanelColumns == 0 ? kPanelColumns : out;
}

// Likewise the 36 rows that belong to one tile: they lie a line further apart than `rows` of them take.
std::int64_t plane_size(std::int64_t rows, std::int64_t channels) {
  return rows * channels + kLine;
}

// Tiles that one thread takes through all three stages at a time. Few keep coefficients and products in its own cache,
// many read the weights, four times their usual size, less often.
std::int64_t tiles_at_once(std::int64_t tiles) {
  constexpr std::int64_t kStep = 16;  // rows of a block product that fill the vector registers
  const std::int64_t share = (tiles + at::get_num_threads() - 1) / at::get_num_threads();
  return std::clamp<std::int64_t>((share + kStep - 1) / kStep * kStep, kStep, 4 * kStep);
}

// What does not change from tile to tile.
struct Plan {
  TileImage from, to;
  bool doubled;
  std::int64_t columns;  // of tiles
  const float* weight;   // [36, panels, in, out / panels]
  const float* bias;
};

template <class T>
void run_tiles(const Plan& plan, const T* from, const T* addend, T* to, std::int64_t first, std::int64_t count,
               float* scratch) {
  const std::int64_t in = plan.from.channels;
  const std::int64_t out = plan.to.channels;
  const std::int64_t in_plane = plane_size(count, in);
  const std::int64_t out_plane = plane_size(count, out);
  const std::int64_t panel = panel_columns(out);
  float* products = scratch + kCoefficients * in_plane;
  const auto top = [&](std::int64_t i) { return (first + i) / plan.columns * kTileSide; };
  const auto left = [&](std::int64_t i) { return (first + i) % plan.columns * kTileSide; };
  for (std::int64_t i = 0; i < count; ++i) {
    winograd_input_tile(from, plan.from, plan.doubled, top(i), left(i), scratch + i * in, in_plane);
  }
  for (std::int64_t k = 0; k < kCoefficients; ++k) {
    for (std::int64_t column = 0; column < out; column += panel) {
      block_product(scratch + k * in_plane, in, plan.weight + (k * out + column) * in, panel,
                    products + k * out_plane + column, out, count, panel, in, false);
    }
  }
  for (std::int64_t i = 0; i < count; ++i) {
    winograd_output_tile(products + i * out, out_plane, plan.bias, addend, to, plan.to, top(i), left(i));
  }
}

}  // namespace

bool winograd_pays(const at::Tensor& weight) {
  return weight.is_cpu() && weight.size(0) >= kFewestChannels && weight.size(1) >= kFewestChannels &&
         has_block_product(at::kFloat);
}

at::Tensor winograd_weight(const at::Tensor& weight) {
  const at::Tensor g = at::tensor({1.0 / 4, 0.0, 0.0, -1.0 / 6, -1.0 / 6, -1.0 / 6, -1.0 / 6, 1.0 / 6, -1.0 / 6,
                                   1.0 / 24, 1.0 / 12, 1.0 / 6, 1.0 / 24, -1.0 / 12, 1.0 / 6, 0.0, 0.0, 1.0},
                                  at::TensorOptions().dtype(at::kDouble))
                           .to(at::kFloat)
                           .view({kPatchSide, 3});
  const at::Tensor wide = at::matmul(at::matmul(g, weight.to(at::kFloat)), g.t());  // [out, in, 6, 6]
  const std::int64_t panel = panel_columns(weight.size(0));
  return wide.reshape({weight.size(0) / panel, panel, weight.size(1), kCoefficients})
      .permute({3, 0, 2, 1})
      .contiguous();
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool doubled,
                                const at::Tensor& addend, at::Tensor into) {
  const at::Tensor image = x.contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t in = weight.size(2);
  const std::int64_t out = weight.size(1) * weight.size(3);
  const std::int64_t height = x.size(2) * (doubled ? 2 : 1);
  const std::int64_t width = x.size(3) * (doubled ? 2 : 1);
  const std::int64_t columns = (width + kTileSide - 1) / kTileSide;
  const std::int64_t tiles = columns * ((height + kTileSide - 1) / kTileSide);
  const std::int64_t group = tiles_at_once(tiles);
  const std::int64_t groups = (tiles + group - 1) / group;
  at::Tensor y = takes_rows(into) ? std::move(into)
                                  : at::empty({1, out, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
  const at::Tensor added = addend.defined() ? addend.contiguous(at::MemoryFormat::ChannelsLast) : addend;
  const Plan plan{{height, width, in},         {height, width, out}, doubled, columns, weight.const_data_ptr<float>(),
                  bias.const_data_ptr<float>()};
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(image);
    const T* plus = added.defined() ? elements<T>(added) : nullptr;
    T* to = mutable_elements<T>(y);
    at::parallel_for(0, groups, 1, [&](std::int64_t begin, std::int64_t end) {
      const auto scratch = std::make_unique_for_overwrite<float[]>(
          static_cast<std::size_t>(kCoefficients * (plane_size(group, in) + plane_size(group, out))));
      for (std::int64_t i = begin; i < end; ++i) {
        run_tiles(plan, from, plus, to, i * group, std::min(group, tiles - i * group), scratch.get());
      }
      release_block_product();
    });
  });
  return y;
}

}  // namespace zimg::engine::kernels
