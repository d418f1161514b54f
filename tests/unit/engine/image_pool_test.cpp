#include "engine/vae/image_pool.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <optional>

namespace {

using zimg::engine::ImagePool;

constexpr std::int64_t kSide = 256;
constexpr std::int64_t kChannels = 64;  // 16 MiB in float32

BOOST_AUTO_TEST_SUITE(image_pool)

BOOST_AUTO_TEST_CASE(gives_images_in_channels_last_order) {
  ImagePool pool;
  const at::Tensor image = pool.take(at::zeros({1}), kChannels, kSide, kSide / 2);
  BOOST_TEST(image.is_contiguous(at::MemoryFormat::ChannelsLast));
  BOOST_TEST((image.sizes() == at::IntArrayRef{1, kChannels, kSide, kSide / 2}));
  BOOST_TEST((image.scalar_type() == at::kFloat));
  BOOST_TEST(image.fill_(3).sum().item<double>() == 3.0 * kChannels * kSide * kSide / 2);
}

BOOST_AUTO_TEST_CASE(uses_the_memory_of_a_dropped_image_again) {
  ImagePool pool;
  at::Tensor first = pool.take(at::zeros({1}), kChannels, kSide, kSide);
  const void* memory = first.data_ptr();
  BOOST_TEST(pool.take(first).data_ptr() != memory);  // it is still held
  first = at::Tensor();
  const at::Tensor second = pool.take(at::zeros({1}, at::kBFloat16), kChannels * 2, kSide, kSide);
  const at::Tensor third = pool.take(at::zeros({1}), kChannels, kSide, kSide);
  BOOST_TEST((second.data_ptr() == memory || third.data_ptr() == memory));
  BOOST_TEST(second.data_ptr() != third.data_ptr());
}

BOOST_AUTO_TEST_CASE(leaves_small_images_to_libtorch) {
  ImagePool pool;
  BOOST_TEST(!pool.take(at::zeros({1}), 3, kSide, kSide).defined());
}

BOOST_AUTO_TEST_CASE(images_outlive_it) {
  std::optional<ImagePool> pool(std::in_place);
  at::Tensor image = pool->take(at::zeros({1}), kChannels, kSide, kSide);
  pool.reset();
  BOOST_TEST(image.fill_(1).sum().item<double>() == 1.0 * kChannels * kSide * kSide);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
