#include "engine/vae/residual_block.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/attention.hpp"
#include "engine/kernels/libtorchs_type.hpp"

namespace zimg::engine {

ResidualBlock::ResidualBlock(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t groups,
                             const PartLoader& loader)
    : norm1_(name + ".norm1", in, groups, loader),
      conv1_(name + ".conv1", in, out, 3, loader),
      norm2_(name + ".norm2", out, groups, loader),
      conv2_(name + ".conv2", out, out, 3, loader) {
  if (in != out) shortcut_.emplace(name + ".conv_shortcut", in, out, 1, loader);
}

at::Tensor ResidualBlock::run(const at::Tensor& x, ImagePool& pool) const {
  const at::Tensor h = conv1_.run_normed(x, norm1_, false, pool);
  return conv2_.run_normed(h, norm2_, true, pool, shortcut_ ? shortcut_->run(x, pool) : x);
}

PixelAttention::PixelAttention(const std::string& name, std::int64_t channels, std::int64_t groups,
                               const PartLoader& loader)
    : norm_(name + ".group_norm", channels, groups, loader),
      q_(name + ".to_q", channels, loader),
      k_(name + ".to_k", channels, loader),
      v_(name + ".to_v", channels, loader),
      out_(name + ".to_out.0", channels, loader) {}

PixelAttention::Linear::Linear(const std::string& name, std::int64_t channels, const PartLoader& loader)
    : weight_(loader.load(name + ".weight", {channels, channels})), bias_(loader.load(name + ".bias", {channels})) {
  const at::ScalarType type = kernels::libtorchs_type(weight_);
  weight_ = weight_.to(type);
  bias_ = bias_.to(type);
}

at::Tensor PixelAttention::Linear::run(const at::Tensor& rows) const {
  return at::linear(rows, weight_, bias_);
}

at::Tensor PixelAttention::run(const at::Tensor& x, ImagePool& pool) const {
  const std::int64_t channels = x.size(1);
  const std::int64_t height = x.size(2);
  const std::int64_t width = x.size(3);
  // Channels-last memory is [pixels, channels] already.
  const at::Tensor rows = norm_.run(x, false, pool.take(x))
                              .permute({0, 2, 3, 1})
                              .reshape({height * width, channels})
                              .to(kernels::libtorchs_type(x));
  const auto one_head = [](const at::Tensor& y) { return y.unsqueeze(1); };  // [pixels, 1 head, channels]
  const at::Tensor mixed =
      kernels::attention(one_head(q_.run(rows)), one_head(k_.run(rows)), one_head(v_.run(rows)), false);
  const at::Tensor y = out_.run(mixed).to(x.scalar_type());
  return x + y.view({1, height, width, channels}).permute({0, 3, 1, 2});
}

}  // namespace zimg::engine
