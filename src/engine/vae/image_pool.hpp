// An ImagePool holds the memory of the large images of one decoding. What one image leaves the next one takes: memory
// fresh from the system is filled with zeros page by page, which at 512x512 costs a tenth of a decoding.
//
// For one thread at a time; images may outlive the pool.
#pragma once

#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <memory>

namespace zimg::engine {

class ImagePool {
 public:
  ImagePool();

  // Room for [1, channels, height, width] in channels-last order with the type of `like`, its content undefined. An
  // undefined tensor where the pool does not help: for images that are small or lie on another device.
  at::Tensor take(const at::Tensor& like, std::int64_t channels, std::int64_t height, std::int64_t width);
  // The same for an image as large as `like`.
  at::Tensor take(const at::Tensor& like) { return take(like, like.size(1), like.size(2), like.size(3)); }

 private:
  class Blocks;
  std::shared_ptr<Blocks> blocks_;
};

}  // namespace zimg::engine
