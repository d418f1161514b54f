#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>
#include <vector>

#include "engine/kernels/composed.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/fused.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {
namespace {

// Pixels summed in float32 before they enter a double.
constexpr std::int64_t kBlock = 256;

// Of each channel over its pixels: the mean, and the sum of the squared distances from it.
struct Moments {
  std::vector<double> means;
  std::vector<double> spreads;
};

// `count` more pixels, with their own mean and spread (Chan, Golub and LeVeque 1979, formula 2.1).
void join(double& mean, double& spread, double seen, double own_mean, double own_spread, double count) {
  const double distance = own_mean - mean;
  const double together = seen + count;
  mean += distance * count / together;
  spread += own_spread + distance * distance * seen * count / together;
}

// What a block's pixels are off its first one is summed, not the pixels: of a channel far from 0 the squares would
// leave nothing of its variance in float32. Blocks are summed in a fixed order, so the number of threads moves no bit.
template <class T>
Moments channel_moments(const T* x, std::int64_t pixels, std::int64_t channels) {
  const std::int64_t blocks = (pixels + kBlock - 1) / kBlock;
  std::vector<float> partial(static_cast<std::size_t>(blocks * channels * 2), 0.0f);
  at::parallel_for(0, blocks, grain(kBlock * channels), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      float* sums = partial.data() + block * channels * 2;
      const T* first = x + block * kBlock * channels;
      const std::int64_t last = std::min(pixels, (block + 1) * kBlock);
      for (std::int64_t pixel = block * kBlock; pixel < last; ++pixel) {
        accumulate_moments_row(x + pixel * channels, first, sums, sums + channels, channels);
      }
    }
  });
  Moments moments{std::vector<double>(static_cast<std::size_t>(channels), 0.0),
                  std::vector<double>(static_cast<std::size_t>(channels), 0.0)};
  for (std::int64_t block = 0; block < blocks; ++block) {
    const float* sums = partial.data() + block * channels * 2;
    const T* first = x + block * kBlock * channels;
    const auto seen = static_cast<double>(block * kBlock);
    const auto count = static_cast<double>(std::min(kBlock, pixels - block * kBlock));
    for (std::int64_t c = 0; c < channels; ++c) {
      const double sum = sums[c];
      join(moments.means[static_cast<std::size_t>(c)], moments.spreads[static_cast<std::size_t>(c)], seen,
           load(first + c) + sum / count, sums[channels + c] - sum * sum / count, count);
    }
  }
  return moments;
}

ChannelFactors fold(const Moments& moments, std::int64_t pixels, std::int64_t groups, const float* weight,
                    const float* bias, double eps) {
  ChannelFactors folded{std::vector<float>(moments.means.size()), std::vector<float>(moments.means.size())};
  const std::size_t width = moments.means.size() / static_cast<std::size_t>(groups);
  const auto count = static_cast<double>(pixels);
  for (std::size_t first = 0; first < moments.means.size(); first += width) {
    double mean = 0;
    double spread = 0;
    for (std::size_t c = first; c < first + width; ++c) {
      join(mean, spread, static_cast<double>(c - first) * count, moments.means[c], moments.spreads[c], count);
    }
    const double variance = std::max(0.0, spread) / (count * static_cast<double>(width));
    const double inverse = 1.0 / std::sqrt(variance + eps);
    for (std::size_t c = first; c < first + width; ++c) {
      folded.factor[c] = static_cast<float>(inverse * weight[c]);
      folded.offset[c] = static_cast<float>(bias[c] - mean * inverse * weight[c]);
    }
  }
  return folded;
}

}  // namespace

ChannelFactors group_norm_factors(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight,
                                  const at::Tensor& bias, double eps) {
  const at::Tensor rows = x.contiguous(at::MemoryFormat::ChannelsLast);
  const std::int64_t pixels = x.size(2) * x.size(3);
  Moments moments;
  with_elements(x, [&](auto zero) { moments = channel_moments(elements<decltype(zero)>(rows), pixels, x.size(1)); });
  return fold(moments, pixels, groups, weight.const_data_ptr<float>(), bias.const_data_ptr<float>(), eps);
}

at::Tensor group_norm(const at::Tensor& x, std::int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                      double eps, bool with_silu, at::Tensor into) {
  if (!has_row_kernels(x)) return composed::group_norm(x, groups, weight, bias, eps, with_silu);
  const at::Tensor rows = x.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = takes_rows(into) ? std::move(into) : at::empty_like(rows, at::MemoryFormat::ChannelsLast);
  const std::int64_t channels = x.size(1);
  const std::int64_t pixels = x.size(2) * x.size(3);
  const ChannelFactors factors = group_norm_factors(rows, groups, weight, bias, eps);
  with_elements(x, [&](auto zero) {
    using T = decltype(zero);
    const T* from = elements<T>(rows);
    T* to = mutable_elements<T>(y);
    at::parallel_for(0, pixels, grain(channels), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t pixel = begin; pixel < end; ++pixel) {
        const std::int64_t at = pixel * channels;
        if (with_silu) {
          affine_silu_row(from + at, factors.factor.data(), factors.offset.data(), to + at, channels);
        } else {
          affine_row(from + at, factors.factor.data(), factors.offset.data(), to + at, channels);
        }
      }
    });
  });
  return y;
}

}  // namespace zimg::engine::kernels
