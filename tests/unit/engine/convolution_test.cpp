#include "engine/vae/convolution.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "checkpoint/part_weights.hpp"
#include "engine/kernels/block_product.hpp"
#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/direct_convolution.hpp"
#include "engine/kernels/winograd.hpp"
#include "engine/sampling/noise.hpp"
#include "model_fixture.hpp"
#include "models/formula_model.hpp"

namespace {

using zimg::checkpoint::ExpectedTensor;
using zimg::checkpoint::Part;
using zimg::engine::Convolution;
using zimg::engine::GroupNorm;
using zimg::engine::ImagePool;
using zimg::engine::PartLoader;
using zimg::engine::Placement;
using zimg::engine::UpsamplingConvolution;

struct Shape {
  std::int64_t in, out, height, width;
};

at::Tensor weights_of(const std::string& name, const std::vector<std::int64_t>& shape) {
  return at::tensor(zimg_test::formula_weights({name, shape})).view(shape);
}

// The convolution "decoder.conv_in" with the formula's weights, as a checkpoint gives it.
PartLoader loader_of(std::int64_t in, std::int64_t out, std::int64_t kernel, at::ScalarType type) {
  static const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("convolution.safetensors");
  zimg_test::write_formula_tensors(
      path, {{"decoder.conv_in.weight", {out, in, kernel, kernel}}, {"decoder.conv_in.bias", {out}}});
  Placement placement;
  placement.dtype = type;
  return {std::make_shared<zimg::checkpoint::PartWeights>(Part::kVae, std::vector{path}, 4), placement};
}

GroupNorm norm_of(std::int64_t channels, at::ScalarType type) {
  static const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("norm.safetensors");
  zimg_test::write_formula_tensors(path, {{"decoder.norm.weight", {channels}}, {"decoder.norm.bias", {channels}}});
  Placement placement;
  placement.dtype = type;
  const PartLoader loader(std::make_shared<zimg::checkpoint::PartWeights>(Part::kVae, std::vector{path}, 4), placement);
  return {"decoder.norm", channels, 4, loader};
}

// By libtorch in float64, from numbers as `type` holds them.
at::Tensor by_definition(const at::Tensor& x, std::int64_t out, std::int64_t kernel, at::ScalarType type) {
  const auto wide = [&](const at::Tensor& tensor) { return tensor.to(type).to(at::kDouble); };
  const at::Tensor weight = weights_of("decoder.conv_in.weight", {out, x.size(1), kernel, kernel});
  return at::conv2d(wide(x), wide(weight), wide(weights_of("decoder.conv_in.bias", {out})), 1, kernel / 2);
}

void check_near(const at::Tensor& ours, const at::Tensor& exact, double tolerance) {
  BOOST_TEST(ours.sizes() == exact.sizes());
  const double off = (ours.to(at::kDouble) - exact).abs().max().item<double>();
  BOOST_TEST(off < tolerance);
}

template <class Body>
void with_input(const Shape& shape, Body&& body) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    BOOST_TEST_CONTEXT(shape.in << " to " << shape.out << " channels, " << shape.height << "x" << shape.width << ", "
                                << c10::toString(type)) {
      const at::Tensor x = zimg::engine::starting_noise(3, shape.in, shape.height, shape.width).unsqueeze(0);
      body(x.to(type).contiguous(at::MemoryFormat::ChannelsLast), type, type == at::kFloat ? 1e-4 : 0.05);
    }
  }
}

// What the system says of the first CPU.
std::set<std::string> cpu_flags() {
  std::ifstream info("/proc/cpuinfo");
  std::set<std::string> flags;
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    for (std::string word; words >> word;) flags.insert(word);
    break;
  }
  return flags;
}

// A Convolution takes the direct way where matrix units make it pay; it is right wherever libtorch has its products.
boost::test_tools::assertion_result has_products(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(zimg::engine::kernels::has_block_product(at::kBFloat16));
  result.message() << "libtorch multiplies no small bfloat16 matrices on this CPU";
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(convolution_test)

BOOST_AUTO_TEST_CASE(matrix_units_are_those_that_the_system_tells_of) {
  const std::set<std::string> flags = cpu_flags();
  BOOST_TEST(zimg::engine::kernels::has_avx2() == (flags.count("avx2") + flags.count("fma") == 2));
  BOOST_TEST(zimg::engine::kernels::has_avx512() == (flags.count("avx512f") == 1));
  BOOST_TEST((flags.count("avx2") == 1 || !zimg::engine::kernels::has_block_product(at::kFloat)));
  BOOST_TEST(zimg::engine::kernels::has_bf16_matrix_units() ==
             (flags.count("amx_bf16") + flags.count("amx_tile") == 2));
}

BOOST_AUTO_TEST_CASE(direct_ones_are_those_of_libtorch, *boost::unit_test::precondition(has_products)) {
  using namespace zimg::engine::kernels;
  for (const Shape& shape :
       {Shape{64, 64, 13, 11}, Shape{66, 128, 5, 65}, Shape{128, 64, 1, 1}, Shape{64, 64, 150, 2}}) {
    BOOST_TEST_CONTEXT(shape.in << " to " << shape.out << " channels, " << shape.height << "x" << shape.width) {
      const auto image = [&](std::uint32_t seed, std::int64_t channels) {
        return zimg::engine::starting_noise(seed, channels, shape.height, shape.width)
            .unsqueeze(0)
            .to(at::kBFloat16)
            .contiguous(at::MemoryFormat::ChannelsLast);
      };
      const at::Tensor x = image(3, shape.in), addend = image(4, shape.out);
      const at::Tensor weight = weights_of("decoder.conv_in.weight", {shape.out, shape.in, 3, 3}).to(at::kBFloat16);
      const at::Tensor bias = weights_of("decoder.conv_in.bias", {shape.out});
      const at::Tensor exact = by_definition(x, shape.out, 3, at::kBFloat16);
      check_near(direct_convolution(x, nullptr, direct_weight(weight, false), bias, false), exact, 0.05);
      check_near(direct_convolution(x, nullptr, direct_weight(weight, false), bias, false, addend),
                 exact + addend.to(at::kDouble), 0.05);
      const at::Tensor doubled = x.to(at::kDouble).repeat_interleave(2, 2).repeat_interleave(2, 3);
      check_near(direct_convolution(x, nullptr, direct_weight(weight, true), bias, true),
                 by_definition(doubled, shape.out, 3, at::kBFloat16), 0.05);
      if (shape.in % 4 != 0) continue;  // the groups of the norm
      const GroupNorm norm = norm_of(shape.in, at::kBFloat16);
      const auto factors = norm.factors(x);
      check_near(direct_convolution(x, &factors, direct_weight(weight, false), bias, false),
                 by_definition(norm.run(x, true, {}), shape.out, 3, at::kBFloat16), 0.05);
    }
  }
}

// Odd sides, single pixels, channels that no vector and no tile divides.
BOOST_AUTO_TEST_CASE(kernels_of_three_are_those_of_libtorch) {
  ImagePool pool;
  for (const Shape& shape :
       {Shape{16, 32, 6, 7}, Shape{1, 1, 1, 1}, Shape{3, 5, 1, 9}, Shape{32, 32, 16, 16}, Shape{32, 64, 17, 33},
        Shape{64, 64, 32, 30}, Shape{96, 3, 13, 11}, Shape{128, 128, 24, 24}, Shape{33, 31, 5, 4},
        Shape{66, 128, 5, 65}, Shape{64, 192, 1, 1}, Shape{64, 64, 300, 2}, Shape{64, 64, 2, 300}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
      const Convolution convolution("decoder.conv_in", shape.in, shape.out, 3, loader_of(shape.in, shape.out, 3, type));
      check_near(convolution.run(x, pool), by_definition(x, shape.out, 3, type), tolerance);
    });
  }
}

BOOST_AUTO_TEST_CASE(kernels_of_one_are_those_of_libtorch) {
  ImagePool pool;
  for (const Shape& shape : {Shape{16, 32, 6, 7}, Shape{33, 31, 5, 4}, Shape{8, 4, 151, 149}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
      const Convolution convolution("decoder.conv_in", shape.in, shape.out, 1, loader_of(shape.in, shape.out, 1, type));
      check_near(convolution.run(x, pool), by_definition(x, shape.out, 1, type), tolerance);
    });
  }
}

BOOST_AUTO_TEST_CASE(an_addend_is_added) {
  ImagePool pool;
  for (const Shape& shape : {Shape{16, 32, 6, 7}, Shape{64, 64, 13, 11}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
      const Convolution convolution("decoder.conv_in", shape.in, shape.out, 3, loader_of(shape.in, shape.out, 3, type));
      const at::Tensor addend = zimg::engine::starting_noise(4, shape.out, shape.height, shape.width)
                                    .unsqueeze(0)
                                    .to(type)
                                    .contiguous(at::MemoryFormat::ChannelsLast);
      check_near(convolution.run(x, pool, addend), by_definition(x, shape.out, 3, type) + addend.to(at::kDouble),
                 tolerance);
    });
  }
}

// As the residual blocks use it: the norm and silu before it may be made on the way.
BOOST_AUTO_TEST_CASE(a_norm_before_it_is_the_norm_and_then_the_convolution) {
  ImagePool pool;
  for (const Shape& shape : {Shape{16, 32, 6, 7}, Shape{64, 64, 13, 11}, Shape{128, 64, 9, 130}}) {
    for (const bool may_overwrite : {false, true}) {
      with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
        const PartLoader loader = loader_of(shape.in, shape.out, 3, type);
        const Convolution convolution("decoder.conv_in", shape.in, shape.out, 3, loader);
        const GroupNorm norm = norm_of(shape.in, type);
        const at::Tensor normed = norm.run(x, true, {});
        const at::Tensor ours = convolution.run_normed(x.clone(), norm, may_overwrite, pool);
        check_near(ours, by_definition(normed, shape.out, 3, type), tolerance);
      });
    }
  }
}

// What lay in that memory before must not show.
BOOST_AUTO_TEST_CASE(large_images_are_made_in_memory_that_others_left) {
  const Shape shape{64, 64, 260, 256};
  with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
    ImagePool pool;
    BOOST_REQUIRE(pool.take(x).defined());
    const PartLoader loader = loader_of(shape.in, shape.out, 3, type);
    const Convolution convolution("decoder.conv_in", shape.in, shape.out, 3, loader);
    const GroupNorm norm = norm_of(shape.in, type);
    const at::Tensor plain = convolution.run(x, pool, x);
    const at::Tensor weight = weights_of("decoder.conv_in.weight", {shape.out, shape.in, 3, 3}).to(type).to(at::kFloat);
    const at::Tensor bias = weights_of("decoder.conv_in.bias", {shape.out}).to(type).to(at::kFloat);
    const at::Tensor wide = x.to(at::kFloat);
    check_near(plain, (at::conv2d(wide, weight, bias, 1, 1) + wide).to(at::kDouble), tolerance);
    const at::Tensor normed = convolution.run_normed(x, norm, false, pool, x);
    for (int turn = 0; turn < 2; ++turn) {  // in what the turn before left
      BOOST_TEST(convolution.run(x, pool, x).equal(plain));
      BOOST_TEST(convolution.run_normed(x, norm, false, pool, x).equal(normed));
    }
  });
}

BOOST_AUTO_TEST_CASE(the_result_may_take_the_memory_of_the_addend) {
  using namespace zimg::engine::kernels;
  for (const Shape& shape : {Shape{64, 64, 13, 11}, Shape{128, 64, 9, 130}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double) {
      const at::Tensor weight = weights_of("decoder.conv_in.weight", {shape.out, shape.in, 3, 3}).to(type);
      const at::Tensor bias = weights_of("decoder.conv_in.bias", {shape.out});
      const at::Tensor addend = zimg::engine::starting_noise(4, shape.out, shape.height, shape.width)
                                    .unsqueeze(0)
                                    .to(type)
                                    .contiguous(at::MemoryFormat::ChannelsLast);
      const auto check = [&](auto&& convolution, const at::Tensor& ready) {
        const at::Tensor apart = convolution(x, nullptr, ready, bias, false, addend, at::Tensor());
        const at::Tensor shared = addend.clone();
        const at::Tensor ours = convolution(x, nullptr, ready, bias, false, shared, shared);
        BOOST_TEST(ours.data_ptr() == shared.data_ptr());
        BOOST_TEST(ours.equal(apart));
      };
      if (winograd_pays(weight)) check(winograd_convolution, winograd_weight(weight, false));
      if (type == at::kBFloat16 && has_block_product(type)) check(direct_convolution, direct_weight(weight, false));
    });
  }
}

// The number of threads decides which rows a thread makes, and nothing else.
BOOST_AUTO_TEST_CASE(the_number_of_threads_moves_no_bit) {
  ImagePool pool;
  const int threads = at::get_num_threads();
  for (const Shape& shape : {Shape{64, 64, 37, 70}, Shape{72, 72, 37, 70}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double) {
      const PartLoader loader = loader_of(shape.in, shape.out, 3, type);
      const Convolution convolution("decoder.conv_in", shape.in, shape.out, 3, loader);
      const UpsamplingConvolution upsampling("decoder.conv_in", shape.in, loader);
      const GroupNorm norm = norm_of(shape.in, type);
      at::set_num_threads(1);
      const at::Tensor alone = convolution.run(x, pool);
      const at::Tensor normed_alone = convolution.run_normed(x, norm, false, pool);
      const at::Tensor doubled_alone = upsampling.run(x, pool);
      at::set_num_threads(3);
      BOOST_TEST(convolution.run(x, pool).equal(alone));
      BOOST_TEST(convolution.run_normed(x, norm, false, pool).equal(normed_alone));
      BOOST_TEST(upsampling.run(x, pool).equal(doubled_alone));
      at::set_num_threads(threads);
    });
  }
}

// Folded kernels are rounded once more where libtorch makes them in bfloat16.
BOOST_AUTO_TEST_CASE(upsampling_is_nearest_and_then_three) {
  ImagePool pool;
  for (const Shape& shape : {Shape{16, 16, 6, 7}, Shape{1, 1, 1, 1}, Shape{5, 5, 1, 9}, Shape{32, 32, 16, 16},
                             Shape{64, 64, 13, 11}, Shape{128, 128, 12, 12}}) {
    with_input(shape, [&](const at::Tensor& x, at::ScalarType type, double tolerance) {
      const UpsamplingConvolution upsampling("decoder.conv_in", shape.in, loader_of(shape.in, shape.out, 3, type));
      const at::Tensor doubled = x.to(at::kDouble).repeat_interleave(2, 2).repeat_interleave(2, 3);
      check_near(upsampling.run(x, pool), by_definition(doubled, shape.out, 3, type), tolerance);
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
