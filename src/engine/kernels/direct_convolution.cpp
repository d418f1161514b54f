#include "engine/kernels/direct_convolution.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/row_kernels.hpp"
#include "engine/kernels/turns.hpp"
#include "engine/kernels/upsampling_kernels.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kFewestChannels = 64;    // below, a product is over before it has begun
constexpr std::int64_t kColumns = 64;           // output channels of one product; its sums stay in the first cache
constexpr std::int64_t kPixels = 64;            // likewise
constexpr std::int64_t kSharesPerThread = 4;    // of the image
constexpr std::int64_t kPixelsPerWeight = 256;  // that a block of weights is used for each time it is read

// [out, in, side, side] to [out / kColumns, side * side, in / 2, kColumns, 2].
at::Tensor packed(const at::Tensor& kernel) {
  const std::int64_t out = kernel.size(0);
  const std::int64_t in = kernel.size(1);
  const std::int64_t taps = kernel.size(2) * kernel.size(3);
  return kernel.to(at::kBFloat16)
      .reshape({out / kColumns, kColumns, in / 2, 2, taps})
      .permute({0, 4, 2, 1, 3})
      .contiguous();
}

// What does not change from row to row. Sizes are those of the image that is read.
struct Plan {
  std::int64_t height, width, in, out;
  bool doubled;
  std::int64_t rows;  // that a thread takes through all blocks of weights at a time
  const Bf16* weight;
  const float* bias;
  const ChannelFactors* norm;

  std::int64_t scale() const { return doubled ? 2 : 1; }
  std::int64_t side() const { return doubled ? 2 : 3; }  // taps of a kernel along one axis
  std::int64_t slot_size() const { return (width + 2) * in; }
};

// The last rows of the image that one thread has read, normed, with a column of zeros at each end.
class Rows {
 public:
  explicit Rows(const Plan& plan)
      : plan_(plan), slots_(plan.rows + 2), pixels_(static_cast<std::size_t>(slots_ * plan.slot_size()), Bf16{0}) {}

  // Row `y`, of those read last; the pixel at -1 comes first.
  const Bf16* at(std::int64_t y) const { return pixels_.data() + (y + 1) % slots_ * plan_.slot_size(); }

  void read(const Bf16* image, std::int64_t y) {
    Bf16* to = pixels_.data() + (y + 1) % slots_ * plan_.slot_size() + plan_.in;
    const std::int64_t size = plan_.width * plan_.in;
    if (y < 0 || y >= plan_.height) {
      std::fill_n(to, size, Bf16{0});
    } else if (plan_.norm == nullptr) {
      std::copy_n(image + y * size, size, to);
    } else {
      for (std::int64_t i = 0; i < size; i += plan_.in) {
        affine_silu_row(image + y * size + i, plan_.norm->factor.data(), plan_.norm->offset.data(), to + i, plan_.in);
      }
    }
  }

 private:
  const Plan& plan_;
  std::int64_t slots_;
  std::vector<Bf16> pixels_;
};

// Output channels from `column` of the pixels (odd_row, odd_column) + scale * (y, x …): the products, then the store.
void convolve_pixels(const Plan& plan, const Rows& rows, const Bf16* weight, std::int64_t odd_row,
                     std::int64_t odd_column, std::int64_t y, std::int64_t x, std::int64_t column, const Bf16* addend,
                     Bf16* to) {
  float sums[kPixels * kColumns];
  const std::int64_t count = std::min(kPixels, plan.width - x);
  const std::int64_t side = plan.side();
  const std::int64_t inner = side * plan.in;  // a pixel and its neighbours to the right lie one behind the other
  for (std::int64_t above = 0; above < side; ++above) {
    const Bf16* from = rows.at(y - 1 + odd_row + above) + (x + odd_column) * plan.in;
    block_product(from, plan.in, weight + above * inner * kColumns, kColumns, sums, kColumns, count, kColumns, inner,
                  above != 0);
  }
  const std::int64_t scale = plan.scale();
  const std::int64_t row = (scale * y + odd_row) * scale * plan.width + odd_column;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t at = (row + scale * (x + i)) * plan.out + column;
    add_bias_row(sums + i * kColumns, plan.bias + column, addend == nullptr ? nullptr : addend + at, to + at, kColumns);
  }
}

// Rows `begin` to `end` of the image that is read, each giving one row of the result, or two.
void convolve_rows(const Plan& plan, const Bf16* from, const Bf16* addend, Bf16* to, std::int64_t begin,
                   std::int64_t end) {
  Rows rows(plan);
  const std::int64_t kernel_size = plan.side() * plan.side() * plan.in;  // of one output channel
  for (std::int64_t first = begin; first < end; first += plan.rows) {
    const std::int64_t last = std::min(end, first + plan.rows);
    for (std::int64_t y = first == begin ? first - 1 : first + 1; y <= last; ++y) rows.read(from, y);
    for (std::int64_t kind = 0; kind < plan.scale() * plan.scale(); ++kind) {
      for (std::int64_t column = 0; column < plan.out; column += kColumns) {
        const Bf16* weight = plan.weight + (kind * plan.out + column) * kernel_size;
        for (std::int64_t y = first; y < last; ++y) {
          for (std::int64_t x = 0; x < plan.width; x += kPixels) {
            convolve_pixels(plan, rows, weight, kind / 2, kind % 2, y, x, column, addend, to);
          }
        }
      }
    }
  }
}

}  // namespace

bool direct_convolution_pays(const at::Tensor& weight) {
  static const bool kFast = has_bf16_matrix_units() && has_block_product(at::kBFloat16);
  return kFast && weight.is_cpu() && weight.scalar_type() == at::kBFloat16 && weight.size(0) % kColumns == 0 &&
         weight.size(1) >= kFewestChannels && weight.size(1) % 2 == 0;
}

at::Tensor direct_weight(const at::Tensor& weight, bool doubled) {
  if (!doubled) return packed(weight);
  std::vector<at::Tensor> kernels;
  for (const at::Tensor& kernel : upsampling_kernels(weight)) kernels.push_back(packed(kernel));
  return at::stack(kernels);
}

at::Tensor direct_convolution(const at::Tensor& x, const ChannelFactors* norm, const at::Tensor& weight,
                              const at::Tensor& bias, bool doubled, const at::Tensor& addend, at::Tensor into) {
  const at::Tensor image = x.contiguous(at::MemoryFormat::ChannelsLast);
  Plan plan{
      x.size(2), x.size(3), x.size(1), bias.size(0), doubled, 1, elements<Bf16>(weight), bias.const_data_ptr<float>(),
      norm};
  plan.rows = (kPixelsPerWeight + plan.width - 1) / plan.width;
  at::Tensor y = takes_rows(into) ? std::move(into)
                                  : at::empty({1, plan.out, plan.scale() * plan.height, plan.scale() * plan.width},
                                              x.options(), at::MemoryFormat::ChannelsLast);
  const at::Tensor added = addend.defined() ? addend.contiguous(at::MemoryFormat::ChannelsLast) : addend;
  const Bf16* from = elements<Bf16>(image);
  const Bf16* plus = added.defined() ? elements<Bf16>(added) : nullptr;
  Bf16* to = mutable_elements<Bf16>(y);
  // A thread reads the rows above and below its piece besides, which must not weigh much.
  const std::int64_t shares = kSharesPerThread * at::get_num_threads();
  const std::int64_t share = std::max(4 * plan.rows, (plan.height + shares - 1) / shares);
  take_turns((plan.height + share - 1) / share, 1, [&](Turns& turns) {
    for (std::int64_t i = 0; turns.take(i);) {
      convolve_rows(plan, from, plus, to, i * share, std::min(plan.height, (i + 1) * share));
    }
    release_block_product();
  });
  return y;
}

}  // namespace zimg::engine::kernels
