#include "engine/sampling/guidance.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/float_below.hpp"

namespace {

using zimg::engine::Guidance;

const at::Tensor kPositive = at::tensor({3.0f, 4.0f});  // of norm 5
const at::Tensor kNegative = at::tensor({0.0f, -8.0f});

}  // namespace

BOOST_AUTO_TEST_SUITE(guidance_test)

BOOST_AUTO_TEST_CASE(scale_counts_from_the_positive_prediction) {
  const Guidance guidance{2.0f, 0.0f, 1.0f};
  BOOST_TEST(guidance.combine(kPositive, kNegative).equal(at::tensor({9.0f, 28.0f})));
  BOOST_TEST(kPositive.equal(at::tensor({3.0f, 4.0f})));  // untouched
  BOOST_TEST((Guidance{0.0f, 0.0f, 1.0f}).combine(kPositive, kNegative).equal(kPositive));
}

BOOST_AUTO_TEST_CASE(normalization_holds_the_norm_to_a_multiple_of_the_positive_one) {
  const at::Tensor free = (Guidance{2.0f, 0.0f, 1.0f}).combine(kPositive, kNegative);  // of norm 29.4
  const at::Tensor held = (Guidance{2.0f, 1.0f, 1.0f}).combine(kPositive, kNegative);
  BOOST_TEST(at::allclose(at::linalg_vector_norm(held), at::tensor(5.0f)));
  BOOST_TEST(at::allclose(held / at::linalg_vector_norm(held), free / at::linalg_vector_norm(free)));
  const at::Tensor half = (Guidance{2.0f, 0.5f, 1.0f}).combine(kPositive, kNegative);
  BOOST_TEST(at::allclose(at::linalg_vector_norm(half), at::tensor(2.5f)));
}

BOOST_AUTO_TEST_CASE(normalization_leaves_a_small_prediction_alone) {
  const Guidance guidance{2.0f, 10.0f, 1.0f};
  BOOST_TEST(guidance.combine(kPositive, kNegative).equal(at::tensor({9.0f, 28.0f})));
  const at::Tensor nothing = at::zeros({2});
  BOOST_TEST((Guidance{2.0f, 1.0f, 1.0f}).combine(nothing, nothing).equal(nothing));  // no 0 / 0
}

BOOST_AUTO_TEST_CASE(truncation_ends_guidance_late_in_the_drawing) {
  const Guidance truncated{3.0f, 0.0f, 0.3f};
  BOOST_TEST(truncated.is_active(0.0f));
  BOOST_TEST(truncated.is_active(0.3f));  // strictly beyond
  BOOST_TEST(!truncated.is_active(0.30001f));
  BOOST_TEST(!truncated.is_active(0.9f));
}

// The reference compares a time, widened to a double, with the number that was asked for.
BOOST_AUTO_TEST_CASE(truncation_ends_guidance_where_the_number_asked_for_does) {
  for (int tenth = 0; tenth <= 10; ++tenth) {
    const double asked = tenth / 10.0;
    const Guidance truncated{3.0f, 0.0f, zimg::base::float_below(asked)};
    const auto nearest = static_cast<float>(asked);
    for (const float time : {std::nextafter(nearest, 0.0f), nearest, std::nextafter(nearest, 2.0f)}) {
      BOOST_TEST(truncated.is_active(time) == !(static_cast<double>(time) > asked), time << " and " << asked);
    }
  }
}

BOOST_AUTO_TEST_CASE(truncation_of_one_or_more_never_triggers) {
  BOOST_TEST((Guidance{3.0f, 0.0f, 1.0f}).is_active(1.0f));
  BOOST_TEST((Guidance{3.0f, 0.0f, 2.0f}).is_active(1.0f));
}

BOOST_AUTO_TEST_CASE(guidance_is_off_at_zero_and_below) {
  BOOST_TEST(!(Guidance{0.0f, 1.0f, 1.0f}).is_active(0.5f));
  BOOST_TEST(!(Guidance{-1.0f, 0.0f, 1.0f}).is_active(0.5f));
  BOOST_TEST((Guidance{0.001f, 0.0f, 1.0f}).is_active(0.5f));
}

BOOST_AUTO_TEST_SUITE_END()
