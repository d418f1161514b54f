#include "engine/kernels/linear.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>

#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/float_linear.hpp"
#include "engine/kernels/libtorchs_type.hpp"
#include "engine/kernels/tile_product.hpp"
#include "engine/kernels/vector_product.hpp"
#include "engine/sampling/noise.hpp"

namespace {

namespace kernels = zimg::engine::kernels;
using zimg::engine::starting_noise;
using zimg::engine::kernels::has_avx2;
using zimg::engine::kernels::has_avx512;
using zimg::engine::kernels::has_tile_product;
using zimg::engine::kernels::has_vector_product;
using zimg::engine::kernels::is_made_by_intel;
using zimg::engine::kernels::packed_weight;
using zimg::engine::kernels::packing_pays;

struct Sides {
  std::int64_t in, out;
};

at::Tensor matrix(std::uint64_t seed, std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  return starting_noise(seed, 1, rows, columns).view({rows, columns}).to(type);
}

template <at::ScalarType kType>
boost::test_tools::assertion_result packs(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(packing_pays(at::empty({1024, 1024}, kType)));
  result.message() << "no matrix of " << c10::toString(kType) << " is packed for this CPU";
  return result;
}

boost::test_tools::assertion_result has_narrow_panels(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(has_avx2());
  result.message() << "this CPU has no AVX2";
  return result;
}

// Sums are exact but for float32's rounding; a result of bfloat16 is rounded once.
template <class Multiply>
void check(const at::Tensor& weight, std::int64_t rows, Multiply&& multiply) {
  const std::int64_t in = weight.size(1);
  const std::int64_t out = weight.size(0);
  const at::ScalarType type = weight.scalar_type();
  BOOST_TEST_CONTEXT(rows << " rows, " << in << " to " << out << ", " << c10::toString(type)) {
    const at::Tensor x = matrix(2, rows, in, type);
    const at::Tensor ours = multiply(x);
    BOOST_TEST(ours.scalar_type() == type);
    BOOST_TEST((ours.sizes() == at::IntArrayRef{rows, out}));
    BOOST_TEST(ours.is_contiguous());
    const at::Tensor exact = at::linear(x.to(at::kDouble), weight.to(at::kDouble));
    const at::Tensor rounding = exact.abs() * (type == at::kBFloat16 ? 1.0 / 256 : 0.0);
    BOOST_TEST(((ours.to(at::kDouble) - exact).abs() - rounding).max().item<double>() < 1e-4);
    BOOST_TEST(multiply(x.t().contiguous().t()).equal(ours));
  }
}

void check_packed(const Sides& sides, at::ScalarType type) {
  const at::Tensor weight = matrix(1, sides.out, sides.in, type) / 32;
  BOOST_REQUIRE(packing_pays(weight));
  const at::Tensor packed = packed_weight(weight);
  for (const std::int64_t rows : {1, 7, 32, 33, 288, 1100}) {
    check(weight, rows, [&](const at::Tensor& x) { return kernels::linear(x, packed); });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(linear)

BOOST_AUTO_TEST_CASE(pays_for_matrices_of_bfloat16_on_a_cpu_that_multiplies_such) {
  BOOST_TEST(packing_pays(at::empty({1024, 1024}, at::kBFloat16)) == (has_tile_product() || has_vector_product()));
  BOOST_TEST(!packing_pays(at::empty({1024, 1000}, at::kBFloat16)));
  BOOST_TEST(!packing_pays(at::empty({600, 1024}, at::kBFloat16)));
  BOOST_TEST(!packing_pays(at::empty({64, 256}, at::kBFloat16)));
}

BOOST_AUTO_TEST_CASE(pays_for_float32_on_a_cpu_that_mkl_does_not_know_best) {
  BOOST_TEST(packing_pays(at::empty({1024, 1024}, at::kFloat)) == (has_avx512() && !is_made_by_intel()));
  BOOST_TEST(!packing_pays(at::empty({1056, 1024}, at::kFloat)));
  BOOST_TEST(!packing_pays(at::empty({64, 256}, at::kFloat)));
  BOOST_TEST(!packing_pays(at::empty({1024, 1024}, at::kDouble)));
}

BOOST_AUTO_TEST_CASE(a_packed_weight_gives_the_product_of_any_number_of_rows,
                     *boost::unit_test::precondition(packs<at::kBFloat16>)) {
  for (const Sides& sides : {Sides{1024, 1024}, {512, 1536}, {1152, 3072}, {3072, 1152}, {1056, 32}}) {
    check_packed(sides, at::kBFloat16);
  }
}

BOOST_AUTO_TEST_CASE(a_packed_weight_of_float32_does_so_too, *boost::unit_test::precondition(packs<at::kFloat>)) {
  for (const Sides& sides : {Sides{1024, 1024}, {512, 1536}, {1152, 3072}, {3072, 1152}, {1001, 64}}) {
    check_packed(sides, at::kFloat);
  }
}

// On any CPU that can, also where another way is taken for being faster.
BOOST_AUTO_TEST_CASE(panels_made_on_the_way_give_it_too, *boost::unit_test::precondition(has_narrow_panels)) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    for (const auto& [in, out] : {Sides{1024, 1024}, {1152, 3072}, {3088, 64}, {48, 16}, {16, 1008}}) {
      const at::Tensor weight = matrix(1, out, in, type) / 32;
      BOOST_REQUIRE(kernels::fills_narrow_panels(weight));
      for (const std::int64_t rows : {1, 7, 192, 196, 1100, 4103}) {
        if (rows * in * out > std::int64_t{1} << 32) continue;
        check(weight, rows, [&](const at::Tensor& x) { return kernels::linear_by_narrow_panels(x, weight); });
      }
    }
    BOOST_TEST(!kernels::fills_narrow_panels(at::empty({24, 64}, type)));
    BOOST_TEST(!kernels::fills_narrow_panels(at::empty({64, 24}, type)));
    BOOST_TEST(!kernels::fills_narrow_panels(at::empty({64, 32}, type).t()));
  }
  BOOST_TEST(!kernels::fills_narrow_panels(at::empty({64, 64}, at::kDouble)));
}

BOOST_AUTO_TEST_CASE(panels_made_on_the_way_are_taken_where_nothing_is_faster) {
  const bool alone = has_avx2() && !has_avx512();
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const at::Tensor weight = matrix(1, 1536, 3088, type) / 32;  // the inner side in several parts
    for (const std::int64_t rows : {20, 200}) {
      const bool mkl_is_best = type == at::kFloat && rows == 200 && is_made_by_intel();
      BOOST_TEST(kernels::narrow_panels_pay(weight, rows) == (alone && !mkl_is_best));
      if (!kernels::narrow_panels_pay(weight, rows)) continue;
      const at::Tensor x = matrix(2, rows, 3088, type);
      BOOST_TEST(kernels::linear(x, weight).equal(kernels::linear_by_narrow_panels(x, weight)));
      BOOST_TEST(!kernels::linear(x, weight).equal(at::linear(x, weight)));  // whose sums are in another order
    }
  }
  BOOST_TEST((kernels::libtorchs_type(at::empty({1}, at::kBFloat16)) == at::kFloat) == alone);
  BOOST_TEST(kernels::libtorchs_type(at::empty({1}, at::kFloat)) == at::kFloat);
  BOOST_TEST(kernels::libtorchs_type(at::empty({1}, at::kHalf)) == at::kHalf);
}

BOOST_AUTO_TEST_CASE(it_leaves_libtorchs_own_products_as_they_were,
                     *boost::unit_test::precondition(packs<at::kBFloat16>)) {
  const at::Tensor x = matrix(1, 40, 1024, at::kBFloat16);
  const at::Tensor weight = matrix(2, 1024, 1024, at::kBFloat16);
  const at::Tensor before = at::linear(x, weight);
  kernels::linear(x, packed_weight(weight));
  BOOST_TEST(at::linear(x, weight).equal(before));
}

// By dot products up to 32 rows of sides that fit them, by panels made on the way where these pay, by libtorch
// otherwise.
BOOST_AUTO_TEST_CASE(float32_gives_the_product_of_any_number_of_rows) {
  for (const auto& [in, out] : {Sides{512, 1536}, {1536, 512}, {16, 4}, {8, 3}, {48, 1004}, {50, 64}}) {
    const at::Tensor weight = matrix(1, out, in, at::kFloat) / 32;
    for (const std::int64_t rows : {1, 4, 5, 20, 32, 33}) {
      BOOST_TEST_CONTEXT(rows << " rows, " << in << " to " << out) {
        const at::Tensor x = matrix(2, rows, in, at::kFloat);
        const at::Tensor exact = at::linear(x.to(at::kDouble), weight.to(at::kDouble));
        for (const at::Tensor& ours : {kernels::linear(x, weight), kernels::linear(x.t().contiguous().t(), weight)}) {
          BOOST_TEST((ours.sizes() == at::IntArrayRef{rows, out}));
          BOOST_TEST((ours.to(at::kDouble) - exact).abs().max().item<double>() < 1e-5);
        }
      }
    }
  }
}

// Of what zimg multiplies itself: packed weights, panels made on the way, and float32 of few rows. libtorch promises no
// such thing.
BOOST_AUTO_TEST_CASE(the_number_of_threads_moves_no_bit) {
  const int threads = at::get_num_threads();
  const auto check = [](const at::Tensor& x, const at::Tensor& weight, auto&& multiply) {
    at::set_num_threads(1);
    const at::Tensor alone = multiply(x, weight);
    at::set_num_threads(3);
    BOOST_TEST(multiply(x, weight).equal(alone));
  };
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const at::Tensor weight = matrix(1, 1536, 512, type) / 32;
    for (const std::int64_t rows : {7, 32, 300}) {
      const at::Tensor x = matrix(2, rows, 512, type);
      if (packing_pays(weight)) check(x, packed_weight(weight), kernels::linear);
      if (type == at::kFloat && rows <= 32) check(x, weight, kernels::linear);
      if (has_avx2()) check(x, weight, kernels::linear_by_narrow_panels);
      const at::Tensor no_panels = weight.narrow(0, 0, 1532).contiguous();
      if (type == at::kFloat && rows <= 32) check(x, no_panels, kernels::linear);
    }
  }
  at::set_num_threads(threads);
}

BOOST_AUTO_TEST_CASE(another_type_is_multiplied_by_libtorch) {
  const at::Tensor x = matrix(1, 5, 32, at::kDouble);
  const at::Tensor weight = matrix(2, 4, 32, at::kDouble);
  BOOST_TEST(kernels::linear(x, weight).equal(at::linear(x, weight)));
}

BOOST_AUTO_TEST_SUITE_END()
