#include "base/float_below.hpp"

#include <boost/test/unit_test.hpp>
#include <cfenv>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using zimg::base::digits_above;
using zimg::base::float_below;

BOOST_AUTO_TEST_SUITE(float_below_test)

BOOST_AUTO_TEST_CASE(a_float_exceeds_it_where_it_exceeds_the_number) {
  for (int hundredth = 0; hundredth <= 100; ++hundredth) {
    const double number = hundredth / 100.0;
    const float nearest = static_cast<float>(number);
    for (const float time : {std::nextafter(nearest, 0.0F), nearest, std::nextafter(nearest, 2.0F)}) {
      BOOST_TEST((time > float_below(number)) == (static_cast<double>(time) > number), time << " and " << number);
    }
  }
}

BOOST_AUTO_TEST_CASE(is_the_same_in_every_rounding_mode) {
  for (const int mode : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    volatile double number = 0.6;
    const float below = float_below(number);
    std::fesetround(FE_TONEAREST);
    BOOST_TEST(below == 0x1.333332p-1F);
  }
}

BOOST_AUTO_TEST_CASE(less_than_a_float_is_a_zero_without_a_sign) {
  for (const double number : {0.0, -0.0, 1e-60}) {
    BOOST_TEST(float_below(number) == 0.0F);
    BOOST_TEST(!std::signbit(float_below(number)));
  }
}

BOOST_AUTO_TEST_CASE(shows_the_fewest_digits_that_give_it_again) {
  for (const char* text : {"0", "0.1", "0.3", "0.6", "0.75", "1", "0.123"}) {
    double number = 0;
    std::from_chars(text, text + std::strlen(text), number);
    BOOST_TEST(digits_above(float_below(number)) == text);
  }
  std::mt19937 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const float number = static_cast<float>(random()) / static_cast<float>(0x1p32);
    const std::string text = digits_above(number);
    double read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    BOOST_TEST(float_below(read) == number, text);
  }
  BOOST_TEST(digits_above(std::numeric_limits<float>::infinity()) == "inf");
}

BOOST_AUTO_TEST_SUITE_END()
