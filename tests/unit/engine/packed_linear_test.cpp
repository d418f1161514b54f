#include "engine/kernels/packed_linear.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>

#include "engine/kernels/cpu_features.hpp"
#include "engine/sampling/noise.hpp"

namespace {

namespace kernels = zimg::engine::kernels;
using zimg::engine::starting_noise;
using zimg::engine::kernels::has_bf16_matrix_units;
using zimg::engine::kernels::packed_weight;
using zimg::engine::kernels::packing_pays;

struct Sides {
  std::int64_t in, out;
};

at::Tensor matrix(std::uint64_t seed, std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  return starting_noise(seed, 1, rows, columns).view({rows, columns}).to(type);
}

boost::test_tools::assertion_result packs(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(packing_pays(at::empty({1024, 1024}, at::kBFloat16)));
  result.message() << "nothing is packed for this CPU";
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_linear)

// Of the releases that zimg is built with; another may take the operators away, and then nothing is packed.
BOOST_AUTO_TEST_CASE(pays_for_large_matrices_of_bfloat16_on_a_cpu_with_units_for_them) {
  BOOST_TEST(packing_pays(at::empty({1024, 1024}, at::kBFloat16)) == has_bf16_matrix_units());
  BOOST_TEST(!packing_pays(at::empty({1024, 1024}, at::kFloat)));
  BOOST_TEST(!packing_pays(at::empty({192, 512}, at::kBFloat16)));
}

BOOST_AUTO_TEST_CASE(a_packed_weight_gives_the_same_product_for_any_number_of_rows,
                     *boost::unit_test::precondition(packs)) {
  for (const auto& [in, out] : {Sides{1024, 1024}, {512, 1536}, {1152, 3072}, {1000, 600}}) {
    const at::Tensor weight = matrix(1, out, in, at::kBFloat16) / 32;
    const at::Tensor packed = packed_weight(weight);
    BOOST_TEST(packed.is_mkldnn());
    for (const std::int64_t rows : {1, 7, 32, 288, 1056}) {
      BOOST_TEST_CONTEXT(rows << " rows, " << in << " to " << out) {
        const at::Tensor x = matrix(2, rows, in, at::kBFloat16);
        const at::Tensor ours = kernels::linear(x, packed);
        BOOST_TEST(ours.scalar_type() == at::kBFloat16);
        BOOST_TEST(ours.is_contiguous());
        BOOST_TEST(ours.equal(at::linear(x, weight)));
        const at::Tensor exact = at::linear(x.to(at::kDouble), weight.to(at::kDouble));
        const double off = (ours.to(at::kDouble) - exact).abs().max().item<double>();
        BOOST_TEST(off < 0.02 * exact.abs().max().item<double>());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(another_weight_is_multiplied_as_it_is) {
  const at::Tensor x = matrix(1, 5, 8, at::kFloat);
  const at::Tensor weight = matrix(2, 3, 8, at::kFloat);
  BOOST_TEST(kernels::linear(x, weight).equal(at::linear(x, weight)));
}

BOOST_AUTO_TEST_SUITE_END()
