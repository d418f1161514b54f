#include "engine/kernels/fused.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/composed.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/row_kernels.hpp"

namespace zimg::engine::kernels {
namespace {

const float* floats(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<float>() : nullptr;
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scale, double eps) {
  if (!has_row_kernels(x)) return composed::rms_norm(x, weight, scale, eps);
  at::Tensor y = at::empty_like(x);
  const std::int64_t n = x.size(-1);
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(x);
    T* to = mutable_elements<T>(y);
    at::parallel_for(0, x.numel() / n, grain(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        rms_norm_row(from + row * n, floats(weight), floats(scale), to + row * n, n, static_cast<float>(eps));
      }
    });
  });
  return y;
}

void add_rms_norm_(at::Tensor& residual, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gate,
                   double eps) {
  if (!has_row_kernels(x)) return composed::add_rms_norm_(residual, x, weight, gate, eps);
  const std::int64_t n = x.size(-1);
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(x);
    T* to = mutable_elements<T>(residual);
    at::parallel_for(0, x.numel() / n, grain(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        add_rms_norm_row(to + row * n, from + row * n, floats(weight), floats(gate), n, static_cast<float>(eps));
      }
    });
  });
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& scale, double eps) {
  if (!has_row_kernels(x)) return composed::layer_norm(x, scale, eps);
  at::Tensor y = at::empty_like(x);
  const std::int64_t n = x.size(-1);
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(x);
    T* to = mutable_elements<T>(y);
    at::parallel_for(0, x.numel() / n, grain(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        layer_norm_row(from + row * n, floats(scale), to + row * n, n, static_cast<float>(eps));
      }
    });
  });
  return y;
}

void silu_multiply_(at::Tensor& gate, const at::Tensor& up, double factor) {
  if (!has_row_kernels(gate) || factor != 1.0) return composed::silu_multiply_(gate, up, factor);
  with_elements(gate, [&](auto zero) {
    using T = decltype(zero);
    T* to = mutable_elements<T>(gate);
    const T* from = elements<T>(up);
    at::parallel_for(0, gate.numel(), grain(1), [&](std::int64_t begin, std::int64_t end) {
      silu_multiply_row(to + begin, from + begin, end - begin);
    });
  });
}

void norm_rotate_(at::Tensor& x, const at::Tensor& weight, const at::Tensor& cos_sin, RotaryPairs pairs, double eps) {
  if (!has_row_kernels(x)) return composed::norm_rotate_(x, weight, cos_sin, pairs, eps);
  const std::int64_t heads = x.size(1);
  const std::int64_t n = x.size(2);
  const auto rotate_row = [&](const auto* from, const float* table, auto* to) {
    if (pairs == RotaryPairs::kAdjacent) {
      norm_rotate_pairs_row(from, floats(weight), table, to, n, static_cast<float>(eps));
    } else {
      norm_rotate_halves_row(from, floats(weight), table, to, n, static_cast<float>(eps));
    }
  };
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    T* data = mutable_elements<T>(x);
    at::parallel_for(0, x.size(0), grain(heads * n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin * heads; row < end * heads; ++row) {
        rotate_row(data + row * n, floats(cos_sin) + row / heads * n, data + row * n);
      }
    });
  });
}

}  // namespace zimg::engine::kernels
