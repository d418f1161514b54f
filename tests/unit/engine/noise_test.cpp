#include "engine/sampling/noise.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <vector>

namespace {

using zimg::engine::starting_noise;

// Numbers of torch.Generator('cpu'), printed to six places.
void check_numbers(const at::Tensor& noise, std::int64_t first, const std::vector<float>& expected) {
  const at::Tensor flat = noise.flatten();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const float ours = flat[first + static_cast<std::int64_t>(i)].item<float>();
    BOOST_TEST(std::abs(ours - expected[i]) < 1.5e-6f, "number " << i << " is " << ours << ", not " << expected[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(noise_test)

BOOST_AUTO_TEST_CASE(is_that_of_the_reference) {
  const at::Tensor noise = starting_noise(42, 16, 128, 128);  // of a picture of 1024x1024
  BOOST_TEST(noise.scalar_type() == at::kFloat);
  BOOST_TEST(noise.is_cpu());
  BOOST_TEST(noise.sizes() == at::IntArrayRef({16, 128, 128}));
  check_numbers(noise, 0, {1.926915f, 1.487284f, 0.900717f, -2.105521f, 0.678418f, -1.234545f, -0.043067f, -1.604667f});
  check_numbers(noise, 262142, {-1.762246f, -2.329417f});
  check_numbers(starting_noise(0, 1, 4, 4), 0,
                {-1.125840f, -1.152360f, -0.250579f, -0.433879f, 0.848710f, 0.692009f, -0.316013f, -2.115220f});
}

BOOST_AUTO_TEST_CASE(is_standard_normal) {
  const at::Tensor noise = starting_noise(7, 16, 128, 128);
  BOOST_TEST(std::abs(noise.mean().item<float>()) < 0.01f);
  BOOST_TEST(std::abs(noise.std().item<float>() - 1) < 0.01f);
}

BOOST_AUTO_TEST_CASE(depends_on_the_seed_alone) {
  const at::Tensor first = starting_noise(42, 16, 12, 16);
  at::randn({1000});  // the process's own generator is another one
  BOOST_TEST(starting_noise(42, 16, 12, 16).equal(first));
  BOOST_TEST(!starting_noise(43, 16, 12, 16).equal(first));
  BOOST_TEST(!starting_noise(std::numeric_limits<std::uint32_t>::max(), 16, 12, 16).equal(first));
}

// The reference draws [1, channels, height, width]; a length that 16 does not divide draws its last numbers anew.
BOOST_AUTO_TEST_CASE(is_drawn_in_one_piece) {
  for (const std::int64_t width : {1, 15, 17}) {
    const at::Generator generator = at::detail::createCPUGenerator(5);
    const at::Tensor whole = at::randn({1, 3, 7, width}, generator, at::TensorOptions().dtype(at::kFloat));
    BOOST_TEST(starting_noise(5, 3, 7, width).equal(whole[0]));
  }
}

BOOST_AUTO_TEST_SUITE_END()
