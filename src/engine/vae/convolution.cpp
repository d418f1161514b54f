#include "engine/vae/convolution.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <vector>

#include "engine/kernels/winograd.hpp"

namespace zimg::engine {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

// The two taps along `axis` that a 3-tap kernel becomes when it slides over doubled pixels. Even outputs see the pixel
// before and their own (twice), odd ones their own (twice) and the pixel after.
at::Tensor fold_axis(const at::Tensor& kernel, std::int64_t axis, bool odd) {
  const at::Tensor first = kernel.select(axis, 0);
  const at::Tensor middle = kernel.select(axis, 1);
  const at::Tensor last = kernel.select(axis, 2);
  return odd ? at::stack({first + middle, last}, axis) : at::stack({first, middle + last}, axis);
}

}  // namespace

Convolution::Convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
                         const PartLoader& loader)
    : weight_(loader.load(name + ".weight", {out, in, kernel, kernel})),
      padding_(kernel / 2),
      winograd_(kernel == 3 && kernels::winograd_pays(weight_)) {
  weight_ = winograd_ ? kernels::winograd_weight(weight_) : weight_.contiguous(kChannelsLast);
  bias_ = winograd_ ? loader.load_as_float(name + ".bias", {out}) : loader.load(name + ".bias", {out});
}

at::Tensor Convolution::run(const at::Tensor& x, ImagePool& pool, const at::Tensor& addend) const {
  if (winograd_) {
    const at::Tensor into = pool.take(x, weight_.size(2), x.size(2), x.size(3));
    return kernels::winograd_convolution(x, weight_, bias_, false, addend, into);
  }
  at::Tensor y = at::conv2d(x, weight_, bias_, 1, padding_);
  if (addend.defined()) y += addend;
  return y;
}

UpsamplingConvolution::UpsamplingConvolution(const std::string& name, std::int64_t channels, const PartLoader& loader)
    : weight_(loader.load(name + ".weight", {channels, channels, 3, 3})),
      winograd_(weight_.scalar_type() == at::kFloat && kernels::winograd_pays(weight_)) {
  if (winograd_) {
    weight_ = kernels::winograd_weight(weight_);
    bias_ = loader.load_as_float(name + ".bias", {channels});
    return;
  }
  const at::Tensor kernel = weight_.to(at::kFloat);
  std::vector<at::Tensor> parities;
  for (const bool odd_row : {false, true}) {
    const at::Tensor rows = fold_axis(kernel, 2, odd_row);
    for (const bool odd_column : {false, true}) parities.push_back(fold_axis(rows, 3, odd_column));
  }
  weight_ = at::cat(parities, 0).to(loader.placement().dtype).contiguous(kChannelsLast);
  bias_ = loader.load(name + ".bias", {channels}).repeat({4});
}

at::Tensor UpsamplingConvolution::run(const at::Tensor& x, ImagePool& pool) const {
  if (winograd_) {
    const at::Tensor into = pool.take(x, x.size(1), 2 * x.size(2), 2 * x.size(3));
    return kernels::winograd_convolution(x, weight_, bias_, true, {}, into);
  }
  const std::int64_t channels = x.size(1);
  const std::int64_t height = x.size(2);
  const std::int64_t width = x.size(3);
  // With padding 1 a 2x2 kernel gives one row and column more than there are: output (i, j) sees pixels i - 1 and i.
  const at::Tensor all = at::conv2d(x, weight_, bias_, 1, 1);  // [1, 4 channels, height + 1, width + 1]
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
