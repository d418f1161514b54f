#include "engine/kernels/fused.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>

#include "engine/kernels/composed.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/sampling/noise.hpp"

namespace {

namespace data = boost::unit_test::data;
namespace kernels = zimg::engine::kernels;
namespace composed = zimg::engine::kernels::composed;
using kernels::RotaryPairs;

constexpr double kEps = 1e-5;
// Below, at and beyond the sixteen lanes of a row, and rows that tasks of threads divide.
const auto kWidths = data::make({1, 2, 3, 7, 15, 16, 17, 31, 33, 96, 127, 257, 1000, 3841});

at::Tensor noise(std::uint32_t seed, at::IntArrayRef shape) {
  const at::Tensor drawn = zimg::engine::starting_noise(seed, 1, 1, c10::multiply_integers(shape));
  return drawn.view(shape).clone();
}

at::Tensor near_one(std::uint32_t seed, std::int64_t n) {
  return 1 + 0.3 * noise(seed, {n});
}

// `ours` was computed in one pass in its own type, `exact` by libtorch in float32 from the same numbers. In float32
// they differ by the order of sums; in bfloat16 by one rounding, half a unit in the last place, but where float32
// itself fell on the other side of the middle. `sizes` bounds the numbers that were added up in an element.
void check_near(const at::Tensor& ours, const at::Tensor& exact, const at::Tensor& sizes) {
  const double unit = ours.scalar_type() == at::kBFloat16 ? 1.0 / 128 : 0;
  const at::Tensor bound = exact.abs() * (unit / 2 * 1.01) + sizes.abs() * 2e-6 + 1e-30;
  const at::Tensor distance = (ours.to(at::kFloat) - exact).abs();
  BOOST_TEST(ours.sizes() == exact.sizes());
  BOOST_TEST((distance <= bound).all().item<bool>(),
             "off by " << (distance / bound).max().item<float>() << " times what is allowed");
}

void check_near(const at::Tensor& ours, const at::Tensor& exact) {
  check_near(ours, exact, exact.abs() + exact.abs().max() * 0.1);
}

template <class Body>
void in_both_types(Body&& body) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    BOOST_TEST_CONTEXT(c10::toString(type)) body(type);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_test)

BOOST_DATA_TEST_CASE(rms_norm_is_that_of_libtorch, kWidths, n) {
  in_both_types([&](at::ScalarType type) {
    const at::Tensor x = (noise(1, {5, n}) * 3).to(type);
    const at::Tensor weight = near_one(2, n);
    const at::Tensor scale = near_one(3, n);
    const at::Tensor wide = x.to(at::kFloat);
    check_near(kernels::rms_norm(x, weight, scale, kEps), composed::rms_norm(wide, weight, scale, kEps));
    check_near(kernels::rms_norm(x, weight, {}, kEps), composed::rms_norm(wide, weight, {}, kEps));
  });
}

BOOST_DATA_TEST_CASE(add_rms_norm_adds_in_place, kWidths, n) {
  in_both_types([&](at::ScalarType type) {
    const at::Tensor x = noise(4, {5, n}).to(type);
    const at::Tensor weight = near_one(5, n);
    const at::Tensor gate = noise(6, {n}).tanh();
    for (const at::Tensor& gating : {gate, at::Tensor()}) {
      at::Tensor residual = noise(7, {5, n}).to(type);
      at::Tensor exact = residual.to(at::kFloat).clone();
      const at::Tensor sizes = exact.abs() + 10;
      composed::add_rms_norm_(exact, x.to(at::kFloat), weight, gating, kEps);
      kernels::add_rms_norm_(residual, x, weight, gating, kEps);
      check_near(residual, exact, sizes);
    }
  });
}

BOOST_DATA_TEST_CASE(layer_norm_takes_the_mean_away, kWidths, n) {
  in_both_types([&](at::ScalarType type) {
    const at::Tensor x = (noise(8, {5, n}) + 4).to(type);
    const at::Tensor scale = near_one(9, n);
    const at::Tensor exact = composed::layer_norm(x.to(at::kFloat), scale, kEps);
    // A mean of 4 cancels: what float32 loses there is not this kernel's to give back.
    check_near(kernels::layer_norm(x, scale, kEps), exact, exact.abs() + 20);
  });
}

BOOST_DATA_TEST_CASE(silu_multiply_is_that_of_libtorch, kWidths, n) {
  in_both_types([&](at::ScalarType type) {
    at::Tensor gate = (noise(10, {5, n}) * 8).to(type);
    const at::Tensor up = noise(11, {5, n}).to(type);
    at::Tensor exact = gate.to(at::kFloat).clone();
    composed::silu_multiply_(exact, up.to(at::kFloat), 1.0);
    kernels::silu_multiply_(gate, up, 1.0);
    check_near(gate, exact);
  });
}

BOOST_AUTO_TEST_CASE(silu_holds_far_from_zero) {
  in_both_types([](at::ScalarType type) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    at::Tensor gate = at::tensor({-1e6f, -200.0f, -88.5f, -0.0f, 0.0f, 88.5f, 200.0f, 3e38f, kInfinity}).to(type);
    const at::Tensor before = gate.to(at::kFloat).clone();
    kernels::silu_multiply_(gate, at::ones_like(gate), 1.0);
    const at::Tensor after = gate.to(at::kFloat);
    for (std::int64_t i = 0; i < after.numel(); ++i) {
      const float x = before[i].item<float>();
      const float y = after[i].item<float>();
      BOOST_TEST_CONTEXT("silu of " << x << " is " << y) {
        if (x > 0) BOOST_TEST(y == x);
        if (x <= 0) BOOST_TEST(std::abs(y) < 1e-30f);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(a_number_that_is_none_stays_visible) {
  in_both_types([](at::ScalarType type) {
    const at::Tensor x = noise(12, {1, 40}).to(type);
    x[0][17] = std::numeric_limits<float>::quiet_NaN();
    at::Tensor gate = x.clone();
    kernels::silu_multiply_(gate, at::ones_like(x), 1.0);
    BOOST_TEST(gate[0][17].isnan().item<bool>());
    BOOST_TEST(gate.isnan().sum().item<std::int64_t>() == 1);
    const at::Tensor ones = at::ones({40});
    BOOST_TEST(kernels::rms_norm(x, ones, {}, kEps).isnan().all().item<bool>());
    BOOST_TEST(kernels::layer_norm(x, ones, kEps).isnan().all().item<bool>());
  });
}

BOOST_AUTO_TEST_CASE(bfloat16_is_rounded_to_nearest_even) {
  const at::Tensor x = at::cat({noise(13, {4096}), noise(14, {4096}) * 1e30, noise(15, {4096}) * 1e-30});
  const at::Tensor rounded = at::empty({x.numel()}, at::TensorOptions().dtype(at::kBFloat16));
  kernels::scale_row(x.const_data_ptr<float>(), 1.0f, static_cast<kernels::Bf16*>(rounded.data_ptr()), x.numel());
  BOOST_TEST(rounded.equal(x.to(at::kBFloat16)));
}

BOOST_DATA_TEST_CASE(exp_row_gives_the_numerators_of_softmax, kWidths, n) {
  const at::Tensor scores = noise(16, {n}) * 20;
  const at::Tensor exact = at::exp((scores.to(at::kDouble) - scores.max()) * 0.25);
  const at::Tensor ours = at::empty({n});
  const float* x = scores.const_data_ptr<float>();
  const float peak = kernels::max_row(x, x[0], n);
  BOOST_TEST(peak == scores.max().item<float>());
  BOOST_TEST(kernels::max_row(x, peak + 1, n) == peak + 1);
  const float sum = kernels::exp_row(x, peak, 0.25f, ours.mutable_data_ptr<float>(), n);
  BOOST_TEST(std::abs(sum / exact.sum().item<double>() - 1) < 1e-5);
  BOOST_TEST(((ours - exact).abs() <= exact * 3e-6 + 1e-37).all().item<bool>());
  const at::Tensor rounded = at::empty({n}, at::TensorOptions().dtype(at::kBFloat16));
  kernels::exp_row(x, peak, 0.25f, static_cast<kernels::Bf16*>(rounded.data_ptr()), n);
  BOOST_TEST(rounded.equal(ours.to(at::kBFloat16)));
}

BOOST_DATA_TEST_CASE(norm_rotate_turns_both_kinds_of_pairs, data::make({2, 6, 16, 24, 34, 128}), n) {
  for (const RotaryPairs pairs : {RotaryPairs::kAdjacent, RotaryPairs::kHalves}) {
    in_both_types([&](at::ScalarType type) {
      const at::Tensor weight = near_one(17, n);
      const at::Tensor angles = noise(18, {7, n / 2}) * 3;
      const at::Tensor table = at::stack({angles.cos(), angles.sin()}, -1).contiguous();
      at::Tensor x = noise(19, {7, 3, n}).to(type);
      at::Tensor exact = x.to(at::kFloat).clone();
      composed::norm_rotate_(exact, weight, table, pairs, kEps);
      kernels::norm_rotate_(x, weight, table, pairs, kEps);
      check_near(x, exact, at::full_like(exact, 8));
    });
  }
}

BOOST_AUTO_TEST_CASE(a_quarter_turn_tells_the_pairs_apart) {
  const at::Tensor table = at::tensor({0.0f, 1.0f, 0.0f, 1.0f}).view({1, 2, 2});  // cosine 0, sine 1
  at::Tensor adjacent = at::tensor({1.0f, 2.0f, 3.0f, 4.0f}).view({1, 1, 4});
  at::Tensor halves = adjacent.clone();
  const double size = std::sqrt(30.0 / 4);
  kernels::norm_rotate_(adjacent, at::ones({4}), table, RotaryPairs::kAdjacent, 0);
  kernels::norm_rotate_(halves, at::ones({4}), table, RotaryPairs::kHalves, 0);
  BOOST_TEST(at::allclose(adjacent.flatten() * size, at::tensor({-2.0f, 1.0f, -4.0f, 3.0f})));
  BOOST_TEST(at::allclose(halves.flatten() * size, at::tensor({-3.0f, -4.0f, 1.0f, 2.0f})));
}

struct Picture {
  std::int64_t channels, groups, height, width;
};

BOOST_AUTO_TEST_CASE(group_norm_is_that_of_libtorch) {
  for (const Picture& p : {Picture{4, 4, 1, 1}, Picture{6, 3, 5, 7}, Picture{8, 4, 16, 16}, Picture{32, 8, 17, 19},
                           Picture{48, 3, 3, 257}}) {
    for (const bool with_silu : {false, true}) {
      in_both_types([&](at::ScalarType type) {
        const at::Tensor x =
            (noise(20, {1, p.channels, p.height, p.width}) + 2).to(type).contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor weight = near_one(21, p.channels);
        const at::Tensor bias = noise(22, {p.channels});
        const at::Tensor exact = composed::group_norm(x.to(at::kFloat), p.groups, weight, bias, 1e-6, with_silu);
        const at::Tensor ours = kernels::group_norm(x, p.groups, weight, bias, 1e-6, with_silu);
        BOOST_TEST(ours.is_contiguous(at::MemoryFormat::ChannelsLast));
        check_near(ours, exact, at::full_like(exact, 20));
      });
    }
  }
}

// The mean is a thousand times the deviation, and every channel has its own.
BOOST_AUTO_TEST_CASE(group_norm_keeps_the_variance_of_what_is_far_from_zero) {
  const at::Tensor far = at::arange(1, 33, at::kFloat).view({1, 32, 1, 1}).div(16).floor() * 1000 + 1000;
  const at::Tensor x = (noise(20, {1, 32, 40, 33}) + far).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor ones = at::ones({32});
  const at::Tensor exact =
      composed::group_norm(x.to(at::kDouble), 32, ones.to(at::kDouble), ones.to(at::kDouble), 1e-6, false);
  const at::Tensor ours = kernels::group_norm(x, 32, ones, ones, 1e-6, false);
  BOOST_TEST((ours.to(at::kDouble) - exact).abs().max().item<double>() < 1e-3);
}

BOOST_AUTO_TEST_CASE(group_norm_works_in_place) {
  for (const bool last : {true, false}) {
    const at::Tensor plain = noise(24, {1, 6, 5, 7});
    const at::Tensor x = last ? plain.contiguous(at::MemoryFormat::ChannelsLast) : plain.clone();
    const at::Tensor ones = at::ones({6});
    const at::Tensor expected = kernels::group_norm(x, 3, ones, ones, 1e-6, true);
    BOOST_TEST(kernels::group_norm(x, 3, ones, ones, 1e-6, true, x).equal(expected));
  }
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_moves_no_bit) {
  const int threads = at::get_num_threads();
  in_both_types([](at::ScalarType type) {
    const at::Tensor ones = at::ones({96});
    const at::Tensor x = noise(25, {1, 96, 61, 67}).to(type).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor up = noise(26, {300, 1000}).to(type);
    const auto silu_of_up = [&] {
      at::Tensor gate = up.clone();
      kernels::silu_multiply_(gate, up, 1.0);
      return gate;
    };
    at::set_num_threads(1);
    const at::Tensor normed = kernels::group_norm(x, 8, ones, ones, 1e-6, true);
    const at::Tensor multiplied = silu_of_up();
    at::set_num_threads(3);
    BOOST_TEST(kernels::group_norm(x, 8, ones, ones, 1e-6, true).equal(normed));
    BOOST_TEST(silu_of_up().equal(multiplied));
  });
  at::set_num_threads(threads);
}

BOOST_AUTO_TEST_CASE(group_norm_takes_either_order_of_memory) {
  const at::Tensor x = noise(23, {1, 6, 5, 7});
  const at::Tensor last = x.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor ones = at::ones({6});
  BOOST_TEST(
      kernels::group_norm(x, 3, ones, ones, 1e-6, true).equal(kernels::group_norm(last, 3, ones, ones, 1e-6, true)));
}

BOOST_AUTO_TEST_SUITE_END()
