#include "engine/vae/convolution.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

#include "engine/kernels/direct_convolution.hpp"
#include "engine/kernels/libtorchs_type.hpp"
#include "engine/kernels/upsampling_kernels.hpp"
#include "engine/kernels/winograd.hpp"

namespace zimg::engine {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;
constexpr std::int64_t kPixelsAtOnce = std::int64_t{1} << 14;

// By libtorch in the type of `weight`, where that is wider than x's, a stripe of rows at a time: as a whole, the image
// in that type would be the largest thing that decoding needs.
at::Tensor convolve_in_stripes(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                               std::int64_t padding) {
  const std::int64_t height = x.size(2);
  const std::int64_t rows = std::max<std::int64_t>(1, kPixelsAtOnce / x.size(3));
  at::Tensor y = at::empty({1, weight.size(0), height, x.size(3)}, x.options(), kChannelsLast);
  for (std::int64_t first = 0; first < height; first += rows) {
    const std::int64_t last = std::min(height, first + rows);
    const std::int64_t top = std::max<std::int64_t>(0, first - padding);  // its result there lacks the row above
    const at::Tensor stripe = x.slice(2, top, std::min(height, last + padding)).to(weight.scalar_type());
    const at::Tensor convolved = at::conv2d(stripe, weight, bias, 1, padding);
    y.slice(2, first, last).copy_(convolved.slice(2, first - top, last - top));
  }
  return y;
}

}  // namespace

ConvolutionMethod method_for(const at::Tensor& weight) {
  if (weight.size(2) != 3) return ConvolutionMethod::kLibtorch;
  if (kernels::direct_convolution_pays(weight)) return ConvolutionMethod::kDirect;
  return kernels::winograd_pays(weight) ? ConvolutionMethod::kWinograd : ConvolutionMethod::kLibtorch;
}

std::uint64_t octets_of_convolution(const at::Tensor& weight, bool upsamples) {
  const auto pairs = static_cast<std::uint64_t>(weight.size(0) * weight.size(1));  // of channels
  switch (method_for(weight)) {
    case ConvolutionMethod::kWinograd:
      return pairs * (upsamples ? 25 : 36) * sizeof(float);
    case ConvolutionMethod::kDirect:
    case ConvolutionMethod::kLibtorch:
      break;
  }
  return pairs * (upsamples ? 16 : 9) * at::elementSize(kernels::libtorchs_type(weight));
}

Convolution::Convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
                         const PartLoader& loader)
    : weight_(loader.load(name + ".weight", {out, in, kernel, kernel})),
      padding_(kernel / 2),
      method_(method_for(weight_)) {
  weight_ = method_ == ConvolutionMethod::kDirect ? kernels::direct_weight(weight_, false)
            : method_ == ConvolutionMethod::kWinograd
                ? kernels::winograd_weight(weight_, false)
                : weight_.to(kernels::libtorchs_type(weight_)).contiguous(kChannelsLast);
  bias_ = method_ == ConvolutionMethod::kLibtorch ? loader.load(name + ".bias", {out}).to(weight_.scalar_type())
                                                  : loader.load_as_float(name + ".bias", {out});
}

at::Tensor Convolution::run(const at::Tensor& x, ImagePool& pool, const at::Tensor& addend) const {
  if (method_ != ConvolutionMethod::kLibtorch) {
    const at::Tensor into = pool.take(x, bias_.size(0), x.size(2), x.size(3));
    return method_ == ConvolutionMethod::kDirect
               ? kernels::direct_convolution(x, nullptr, weight_, bias_, false, addend, into)
               : kernels::winograd_convolution(x, nullptr, weight_, bias_, false, addend, into);
  }
  at::Tensor y = run_by_libtorch(x);
  if (addend.defined()) y += addend;
  return y;
}

at::Tensor Convolution::run_by_libtorch(const at::Tensor& x) const {
  if (weight_.scalar_type() != x.scalar_type()) return convolve_in_stripes(x, weight_, bias_, padding_);
  return at::conv2d(x, weight_, bias_, 1, padding_);
}

at::Tensor Convolution::run_normed(const at::Tensor& x, const GroupNorm& norm, bool may_overwrite, ImagePool& pool,
                                   const at::Tensor& addend) const {
  if (method_ == ConvolutionMethod::kLibtorch) {
    return run(norm.run(x, true, may_overwrite ? x : pool.take(x)), pool, addend);
  }
  const kernels::ChannelFactors factors = norm.factors(x);
  const at::Tensor into = pool.take(x, bias_.size(0), x.size(2), x.size(3));
  return method_ == ConvolutionMethod::kDirect
             ? kernels::direct_convolution(x, &factors, weight_, bias_, false, addend, into)
             : kernels::winograd_convolution(x, &factors, weight_, bias_, false, addend, into);
}

UpsamplingConvolution::UpsamplingConvolution(const std::string& name, std::int64_t channels, const PartLoader& loader)
    : weight_(loader.load(name + ".weight", {channels, channels, 3, 3})), method_(method_for(weight_)) {
  if (method_ != ConvolutionMethod::kLibtorch) {
    weight_ = method_ == ConvolutionMethod::kDirect ? kernels::direct_weight(weight_, true)
                                                    : kernels::winograd_weight(weight_, true);
    bias_ = loader.load_as_float(name + ".bias", {channels});
    return;
  }
  const auto parities = kernels::upsampling_kernels(weight_);
  const at::ScalarType type = kernels::libtorchs_type(weight_);
  weight_ = at::cat(parities, 0).to(type).contiguous(kChannelsLast);
  bias_ = loader.load(name + ".bias", {channels}).to(type).repeat({4});
}

at::Tensor UpsamplingConvolution::run(const at::Tensor& x, ImagePool& pool) const {
  if (method_ == ConvolutionMethod::kLibtorch) return run_by_libtorch(x, pool);
  const at::Tensor into = pool.take(x, x.size(1), 2 * x.size(2), 2 * x.size(3));
  return method_ == ConvolutionMethod::kDirect
             ? kernels::direct_convolution(x, nullptr, weight_, bias_, true, {}, into)
             : kernels::winograd_convolution(x, nullptr, weight_, bias_, true, {}, into);
}

at::Tensor UpsamplingConvolution::run_by_libtorch(const at::Tensor& x, ImagePool& pool) const {
  const std::int64_t channels = x.size(1);
  const std::int64_t height = x.size(2);
  const std::int64_t width = x.size(3);
  // With padding 1 a 2x2 kernel gives one row and column more than there are: output (i, j) sees pixels i - 1 and i.
  const at::Tensor all =  // [1, 4 channels, height + 1, width + 1]
      at::conv2d(x.to(weight_.scalar_type()), weight_, bias_, 1, 1);
  at::Tensor y = pool.take(x, channels, 2 * height, 2 * width);
  if (!y.defined()) y = at::empty({1, channels, 2 * height, 2 * width}, x.options(), kChannelsLast);
  for (std::int64_t odd_row = 0; odd_row < 2; ++odd_row) {
    for (std::int64_t odd_column = 0; odd_column < 2; ++odd_column) {
      const at::Tensor part = all.narrow(1, (2 * odd_row + odd_column) * channels, channels)
                                  .narrow(2, odd_row, height)
                                  .narrow(3, odd_column, width);
      y.slice(2, odd_row, 2 * height, 2).slice(3, odd_column, 2 * width, 2).copy_(part);
    }
  }
  return y;
}

}  // namespace zimg::engine
