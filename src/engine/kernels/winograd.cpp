#include "engine/kernels/winograd.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/winograd_tiles.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kFewestChannels = 64;           // below, the transforms cost more than they save
constexpr std::int64_t kScratchFloats = 5 << 20;       // of coefficients and products: about what a last-level cache holds
constexpr std::int64_t kFewestTiles = 128;             // per pass over the weights, which may not fit the cache
constexpr std::int64_t kRows = 64;                     // of one block product

std::int64_t tiles_at_once(std::int64_t in, std::int64_t out, std::int64_t all) {
  const std::int64_t fitting = kScratchFloats / (kCoefficients * (in + out)) / kRows * kRows;
  return std::min(std::max(fitting, kFewestTiles), (all + kRows - 1) / kRows * kRows);
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
  return wide.permute({2, 3, 1, 0}).reshape({kCoefficients, weight.size(1), weight.size(0)}).contiguous();
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool doubled) {
  const at::Tensor image = x.contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t in = weight.size(1);
  const std::int64_t out = weight.size(2);
  const std::int64_t height = x.size(2) * (doubled ? 2 : 1);
  const std::int64_t width = x.size(3) * (doubled ? 2 : 1);
  const std::int64_t columns = (width + kTileSide - 1) / kTileSide;
  const std::int64_t tiles = columns * ((height + kTileSide - 1) / kTileSide);
  const std::int64_t chunk = tiles_at_once(in, out, tiles);
  at::Tensor y = at::empty({1, out, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
  at::Tensor scratch = at::empty({kCoefficients * chunk * (in + out)}, at::TensorOptions().dtype(at::kFloat));
  float* coefficients = scratch.mutable_data_ptr<float>();      // [36, chunk, in]
  float* products = coefficients + kCoefficients * chunk * in;  // [36, chunk, out]
  const float* factors = weight.const_data_ptr<float>();
  const float* offsets = bias.const_data_ptr<float>();

  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(image);
    T* to = mutable_elements<T>(y);
    for (std::int64_t first = 0; first < tiles; first += chunk) {
      const std::int64_t count = std::min(chunk, tiles - first);
      at::parallel_for(0, count, 4, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t tile = first + i;
          winograd_input_tile(from, {height, width, in}, doubled, tile / columns * kTileSide,
                              tile % columns * kTileSide, coefficients + i * in, chunk * in);
        }
      });
      const std::int64_t blocks = (count + kRows - 1) / kRows;
      at::parallel_for(0, kCoefficients * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t plane = i / blocks;
          const std::int64_t row = i % blocks * kRows;
          block_product(coefficients + (plane * chunk + row) * in, in, factors + plane * in * out, out,
                        products + (plane * chunk + row) * out, out, std::min(kRows, count - row), out, in, false);
        }
        release_block_product();
      });
      at::parallel_for(0, count, 4, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t tile = first + i;
          winograd_output_tile(products + i * out, chunk * out, offsets, to, {height, width, out},
                               tile / columns * kTileSide, tile % columns * kTileSide);
        }
      });
    }
  });
  return y;
}

}  // namespace zimg::engine::kernels
