// What a GPU runs, on the CPU: in the types that a GPU computes in.
#include "engine/kernels/composed.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>

#include "engine/sampling/noise.hpp"

namespace {

namespace composed = zimg::engine::kernels::composed;

at::Tensor noise(std::uint32_t seed, at::IntArrayRef shape) {
  const at::Tensor drawn = zimg::engine::starting_noise(seed, 1, 1, c10::multiply_integers(shape));
  return drawn.view(shape).clone();
}

// Within `roundings` of a type's own, each half a unit in the last place, and float32's.
void check_near(const at::Tensor& ours, const at::Tensor& exact, int roundings) {
  const double unit = ours.scalar_type() == at::kBFloat16 ? 1.0 / 128
                      : ours.scalar_type() == at::kHalf   ? 1.0 / 1024
                                                          : 0;
  const at::Tensor bound = exact.abs() * (roundings * unit / 2 * 1.02) + 2e-5;
  const at::Tensor distance = (ours.to(at::kFloat) - exact).abs();
  BOOST_TEST((distance <= bound).all().item<bool>(),
             "off by " << (distance / bound).max().item<float>() << " times what is allowed");
}

template <class Body>
void in_all_types(Body&& body) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kHalf}) {
    BOOST_TEST_CONTEXT(c10::toString(type)) body(type);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(composed_kernels_test)

BOOST_AUTO_TEST_CASE(norms_take_float32_between_two_roundings) {
  in_all_types([](at::ScalarType type) {
    const at::Tensor x = (noise(1, {5, 96}) * 3).to(type);
    const at::Tensor weight = 1 + 0.3 * noise(2, {96});
    const at::Tensor scale = 1 + 0.3 * noise(3, {96});
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor normed = wide / (wide.square().mean(-1, true) + 1e-5).sqrt() * weight * scale;
    check_near(composed::rms_norm(x, weight, scale, 1e-5), normed, 1);
    at::Tensor residual = noise(4, {5, 96}).to(type);
    const at::Tensor sum = residual.to(at::kFloat) + normed;
    composed::add_rms_norm_(residual, x, weight, scale, 1e-5);
    BOOST_TEST((residual.scalar_type() == type));
    check_near(residual, sum, 1);
    const at::Tensor centred = wide - wide.mean(-1, true);
    check_near(composed::layer_norm(x, scale, 1e-5), centred / (centred.square().mean(-1, true) + 1e-5).sqrt() * scale,
               1);
    BOOST_TEST(x.equal(wide.to(type)));  // also where float32 is x's own type
  });
}

BOOST_AUTO_TEST_CASE(group_norm_keeps_the_type_and_sums_in_float32) {
  in_all_types([](at::ScalarType type) {
    const at::Tensor x = (noise(5, {1, 32, 64, 63}) + 4).to(type).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor before = x.clone();
    const at::Tensor weight = (1 + 0.3 * noise(6, {32})).to(type).to(at::kFloat);
    const at::Tensor bias = noise(7, {32}).to(type).to(at::kFloat);
    const at::Tensor exact = at::group_norm(x.to(at::kFloat), 8, weight, bias, 1e-6);
    const at::Tensor ours = composed::group_norm(x, 8, weight, bias, 1e-6, false);
    BOOST_TEST((ours.scalar_type() == type));
    BOOST_TEST(ours.is_contiguous(at::MemoryFormat::ChannelsLast));
    // A sum that cancels is as far off as the larger of what it is of.
    BOOST_TEST((ours.to(at::kFloat) - exact).abs().max().item<float>() < (type == at::kFloat ? 1e-4 : 0.04));
    check_near(composed::group_norm(x, 8, weight, bias, 1e-6, true), at::silu(ours.to(at::kFloat)), 1);
    BOOST_TEST(x.equal(before));
  });
}

BOOST_AUTO_TEST_CASE(silu_multiply_rounds_twice_and_leaves_the_other_factor) {
  in_all_types([](at::ScalarType type) {
    at::Tensor gate = (noise(8, {5, 100}) * 8).to(type);
    const at::Tensor up = noise(9, {5, 100}).to(type);
    const at::Tensor before = up.clone();
    const at::Tensor exact = at::silu(gate.to(at::kFloat)) * up.to(at::kFloat);
    at::Tensor scaled = gate.clone();
    composed::silu_multiply_(gate, up, 1.0);
    check_near(gate, exact, 2);
    composed::silu_multiply_(scaled, up, 1.0 / 32);
    check_near(scaled, exact / 32, 2);
    BOOST_TEST(up.equal(before));
  });
}

BOOST_AUTO_TEST_CASE(the_factor_keeps_a_product_within_range) {
  at::Tensor gate = at::full({4}, 3000.0f).to(at::kHalf);
  composed::silu_multiply_(gate, gate.clone(), 1.0 / 256);
  BOOST_TEST(gate[0].item<float>() == 9e6f / 256, boost::test_tools::tolerance(1e-3f));
}

BOOST_AUTO_TEST_SUITE_END()
