#include "engine/vae/residual_block.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/attention.hpp"

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
      q_(loader.load(name + ".to_q.weight", {channels, channels})),
      q_bias_(loader.load(name + ".to_q.bias", {channels})),
      k_(loader.load(name + ".to_k.weight", {channels, channels})),
      k_bias_(loader.load(name + ".to_k.bias", {channels})),
      v_(loader.load(name + ".to_v.weight", {channels, channels})),
      v_bias_(loader.load(name + ".to_v.bias", {channels})),
      out_(loader.load(name + ".to_out.0.weight", {channels, channels})),
      out_bias_(loader.load(name + ".to_out.0.bias", {channels})) {}

at::Tensor PixelAttention::run(const at::Tensor& x, ImagePool& pool) const {
  const std::int64_t channels = x.size(1);
  const std::int64_t height = x.size(2);
  const std::int64_t width = x.size(3);
  // Channels-last memory is [pixels, channels] already.
  const at::Tensor rows = norm_.run(x, false, pool.take(x)).permute({0, 2, 3, 1}).reshape({height * width, channels});
  const at::Tensor q = at::linear(rows, q_, q_bias_).unsqueeze(1);  // [pixels, 1 head, channels]
  const at::Tensor k = at::linear(rows, k_, k_bias_).unsqueeze(1);
  const at::Tensor v = at::linear(rows, v_, v_bias_).unsqueeze(1);
  const at::Tensor mixed = at::linear(kernels::attention(q, k, v, false), out_, out_bias_);
  return x + mixed.view({1, height, width, channels}).permute({0, 3, 1, 2});
}

}  // namespace zimg::engine
