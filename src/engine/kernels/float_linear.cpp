#include "engine/kernels/float_linear.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/float_product.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/narrow_panel.hpp"
#include "engine/kernels/turns.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kRows = 192;        // that a thread takes with one panel
constexpr std::int64_t kWideRows = 4096;   // of bfloat16 that stand in float32 at a time
constexpr std::int64_t kMostDepth = 1536;  // of a panel made on the way, which then stays in the second cache

std::unique_ptr<float[]> room(std::int64_t size) {
  return std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(size));
}

// Rows of x with one panel of columns.
struct Task {
  std::int64_t first, rows, panel;
};

// Calls `work(take)` on every thread; `take(task)` is false when nothing is left. All panels of one block of rows come
// before those of the next, whose rows take its place in the caches.
template <class Work>
void deal(std::int64_t rows, std::int64_t panels, std::int64_t panel_size, Work&& work) {
  const std::int64_t blocks = (rows + kRows - 1) / kRows;
  take_turns(blocks * panels, 4 * grain(panel_size), [&](Turns& turns) {
    work([&](Task& task) {
      std::int64_t turn = 0;
      if (!turns.take(turn)) return false;
      task.first = turn / panels * kRows;
      task.rows = std::min(kRows, rows - task.first);
      task.panel = turn % panels;
      return true;
    });
  });
}

void write_rows(const float* products, std::int64_t rows, std::int64_t out, Bf16* y) {
  for (std::int64_t row = 0; row < rows; ++row, products += kNarrowColumns, y += out) {
    scale_row(products, 1.0f, y, kNarrowColumns);
  }
}

// Equal parts of the inner side, as large as kMostDepth at most.
std::int64_t depth_of(std::int64_t in) {
  const std::int64_t parts = (in + kMostDepth - 1) / kMostDepth;
  const std::int64_t steps = in / kNarrowDepth;
  return (steps + parts - 1) / parts * kNarrowDepth;
}

// Of float32 `x`, into rows of y.
template <class T>
void multiply_rows(const at::Tensor& x, const at::Tensor& weight, T* y) {
  constexpr bool kIsRounded = !std::is_same_v<T, float>;
  const std::int64_t in = x.size(1);
  const std::int64_t out = weight.size(0);
  const std::int64_t depth = depth_of(in);
  const float* from = elements<float>(x);
  const T* weights = elements<T>(weight);
  deal(x.size(0), out / kNarrowColumns, kNarrowColumns * in, [&](auto&& take) {
    const std::unique_ptr<float[]> panel = room(kNarrowColumns * depth);
    const std::unique_ptr<float[]> products = room(kIsRounded ? kRows * kNarrowColumns : 0);
    for (Task task; take(task);) {
      const float* rows = from + task.first * in;
      const T* columns = weights + task.panel * kNarrowColumns * in;
      T* to = y + task.first * out + task.panel * kNarrowColumns;
      for (std::int64_t at = 0; at < in; at += depth) {
        const std::int64_t inner = std::min(depth, in - at);
        narrow_panel(columns + at, in, inner, panel.get());
        if constexpr (kIsRounded) {
          narrow_product(rows + at, in, panel.get(), products.get(), kNarrowColumns, task.rows, inner, at != 0);
        } else {
          narrow_product(rows + at, in, panel.get(), to, out, task.rows, inner, at != 0);
        }
      }
      if constexpr (kIsRounded) write_rows(products.get(), task.rows, out, to);
    }
  });
}

}  // namespace

bool fills_float_panels(const at::Tensor& weight) {
  return has_float_product() && weight.size(0) % float_columns() == 0;
}

at::Tensor float_panels(const at::Tensor& weight) {
  return weight.view({-1, float_columns(), weight.size(1)}).transpose(1, 2).contiguous();
}

at::Tensor linear_of_float_panels(const at::Tensor& x, const at::Tensor& panels) {
  const std::int64_t in = x.size(1);
  const std::int64_t columns = panels.size(2);
  const std::int64_t out = panels.size(0) * columns;
  const at::Tensor input = x.contiguous();
  at::Tensor y = at::empty({x.size(0), out}, x.options());
  const float* from = elements<float>(input);
  const float* weights = elements<float>(panels);
  float* to = mutable_elements<float>(y);
  deal(x.size(0), panels.size(0), columns * in, [&](auto&& take) {
    for (Task task; take(task);) {
      float_product(from + task.first * in, in, weights + task.panel * columns * in,
                    to + task.first * out + task.panel * columns, out, task.rows, in);
    }
  });
  return y;
}

bool narrow_panels_pay(const at::Tensor& weight, std::int64_t rows) {
  if (!has_narrow_product_alone() || !fills_narrow_panels(weight)) return false;
  return weight.scalar_type() == at::kBFloat16 || !is_made_by_intel() || rows <= kFewRows;
}

bool fills_narrow_panels(const at::Tensor& weight) {
  return has_avx2() && has_row_kernels(weight) && weight.dim() == 2 && weight.is_contiguous() &&
         weight.size(0) % kNarrowColumns == 0 && weight.size(1) % kNarrowDepth == 0;
}

at::Tensor linear_by_narrow_panels(const at::Tensor& x, const at::Tensor& weight) {
  const std::int64_t out = weight.size(0);
  at::Tensor y = at::empty({x.size(0), out}, x.options());
  for (std::int64_t first = 0; first < x.size(0); first += kWideRows) {
    const at::Tensor rows = x.narrow(0, first, std::min(kWideRows, x.size(0) - first)).to(at::kFloat).contiguous();
    with_elements(x, [&](auto zero) {
      using T = decltype(zero);
      multiply_rows(rows, weight, mutable_elements<T>(y) + first * out);
    });
  }
  return y;
}

}  // namespace zimg::engine::kernels
