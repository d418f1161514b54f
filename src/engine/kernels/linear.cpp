#include "engine/kernels/linear.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/dot_products.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/float_linear.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/tile_product.hpp"
#include "engine/kernels/turns.hpp"
#include "engine/kernels/vector_product.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kDotOutputs = 8;  // that a thread makes of them at a time
constexpr std::int64_t kFewestElements = std::int64_t{1} << 15;
constexpr std::int64_t kBlockElements = std::int64_t{7} << 17;  // of x: they stay in the second cache

// A panel is what kTileSide outputs are made with: [in / 2, kTileSide, 2]. Matrix units and vector instructions read
// the same.
static_assert(kVectorColumns == kTileSide);
void pack_panel(const Bf16* rows, std::int64_t in, Bf16* panel) {
  for (std::int64_t pair = 0; pair < in; pair += 2) {
    for (std::int64_t row = 0; row < kTileSide; ++row, panel += 2) {
      std::memcpy(panel, rows + row * in + pair, 2 * sizeof(Bf16));
    }
  }
}

// Rows of x that one product takes, `first` the number of the first.
struct Block {
  const Bf16* from;
  std::int64_t first, rows;
};

// x, [rows, in], cut into such blocks. The last rows stand in one of their own, filled up with zeros to whole tiles.
class Blocks {
 public:
  Blocks(const Bf16* x, std::int64_t rows, std::int64_t in) {
    const std::int64_t tiles = rows / kTileSide;
    const std::int64_t most = std::max<std::int64_t>(1, kBlockElements / (in * kTileSide));
    const std::int64_t count = (tiles + most - 1) / most;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t first = tiles * i / count * kTileSide;
      const std::int64_t size = tiles * (i + 1) / count * kTileSide - first;
      blocks_.push_back({x + first * in, first, size});
    }
    const std::int64_t whole = tiles * kTileSide;
    if (whole == rows) return;
    last_.resize(static_cast<std::size_t>(kTileSide * in), Bf16{0});
    std::copy(x + whole * in, x + rows * in, last_.begin());
    blocks_.push_back({last_.data(), whole, rows - whole});
  }

  std::int64_t size() const { return static_cast<std::int64_t>(blocks_.size()); }
  const Block& operator[](std::int64_t i) const { return blocks_[static_cast<std::size_t>(i)]; }

 private:
  std::vector<Bf16> last_;
  std::vector<Block> blocks_;
};

bool takes_dot_products(const at::Tensor& x, const at::Tensor& weight) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.size(0) <= kFewRows && weight.is_contiguous() &&
         weight.size(0) % kDotColumns == 0 && weight.size(1) % kDotLanes == 0;
}

at::Tensor linear_of_few_rows(const at::Tensor& x, const at::Tensor& weight) {
  const std::int64_t in = weight.size(1);
  const std::int64_t out = weight.size(0);
  const at::Tensor input = x.contiguous();
  at::Tensor y = at::empty({x.size(0), out}, x.options());
  const float* from = elements<float>(input);
  const float* weights = elements<float>(weight);
  float* to = mutable_elements<float>(y);
  const std::int64_t shares = (out + kDotOutputs - 1) / kDotOutputs;
  at::parallel_for(0, shares, 4 * grain(kDotOutputs * in), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t first = begin * kDotOutputs; first < std::min(out, end * kDotOutputs); first += kDotOutputs) {
      dot_products(from, x.size(0), weights + first * in, std::min(kDotOutputs, out - first), in, to + first, out);
    }
  });
  return y;
}

at::Tensor linear_of_panels(const at::Tensor& x, const at::Tensor& weight) {
  const std::int64_t in = x.size(1);
  const std::int64_t panels = weight.size(0);
  const std::int64_t out = panels * kTileSide;
  const std::int64_t panel_size = kTileSide * in;
  const at::Tensor input = x.contiguous();
  at::Tensor y = at::empty({x.size(0), out}, x.options());
  const Blocks blocks(elements<Bf16>(input), x.size(0), in);
  const Bf16* weights = elements<Bf16>(weight);
  Bf16* to = mutable_elements<Bf16>(y);
  const std::int64_t ahead = panel_size * at::get_num_threads();  // where a thread's next turn most likely reads
  const auto multiply_all = [&](Turns& turns, auto&& multiply) {
    for (std::int64_t turn = 0; turns.take(turn);) {
      const Block& block = blocks[turn / panels];
      const std::int64_t i = turn % panels;
      multiply(block, weights + i * panel_size, to + block.first * out + i * kTileSide);
    }
  };
  // All panels of one block come before those of the next, whose rows take its place in the caches.
  take_turns(blocks.size() * panels, 4 * grain(panel_size), [&](Turns& turns) {
    if (has_tile_product()) {
      const TileRegisters registers;
      multiply_all(turns, [&](const Block& block, const Bf16* panel, Bf16* columns) {
        tile_product(block.from, in, panel, columns, out, block.rows, in, panel + ahead);
      });
    } else {
      multiply_all(turns, [&](const Block& block, const Bf16* panel, Bf16* columns) {
        vector_product(block.from, in, panel, columns, out, block.rows, in);
      });
    }
  });
  return y;
}

bool fills_panels(const at::Tensor& weight) {
  return weight.size(0) % kTileSide == 0 && weight.size(1) % kTileSide == 0 &&
         (has_tile_product() || has_vector_product());
}

}  // namespace

bool packing_pays(const at::Tensor& weight) {
  if (!weight.is_cpu() || weight.numel() < kFewestElements) return false;
  if (weight.scalar_type() == at::kFloat) return has_avx512() && fills_float_panels(weight) && !is_made_by_intel();
  return weight.scalar_type() == at::kBFloat16 && fills_panels(weight);
}

at::Tensor packed_weight(const at::Tensor& weight) {
  if (weight.scalar_type() == at::kFloat) return float_panels(weight.contiguous());
  const std::int64_t in = weight.size(1);
  const std::int64_t panels = weight.size(0) / kTileSide;
  const at::Tensor rows = weight.contiguous();
  at::Tensor packed = at::empty({panels, in / 2, kTileSide, 2}, weight.options());
  const std::int64_t size = kTileSide * in;
  at::parallel_for(0, panels, grain(size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      pack_panel(elements<Bf16>(rows) + i * size, in, mutable_elements<Bf16>(packed) + i * size);
    }
  });
  return packed;
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight) {
  if (weight.dim() == 3) return linear_of_float_panels(x, weight);
  if (weight.dim() == 4) return linear_of_panels(x, weight);
  if (narrow_panels_pay(weight, x.size(0))) return linear_by_narrow_panels(x, weight);
  return takes_dot_products(x, weight) ? linear_of_few_rows(x, weight) : at::linear(x, weight);
}

}  // namespace zimg::engine::kernels
