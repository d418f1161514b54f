#include "base/random_bits.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

BOOST_AUTO_TEST_SUITE(random_bits)

BOOST_AUTO_TEST_CASE(differ_from_call_to_call) {
  std::set<std::uint32_t> seen;
  std::uint32_t ever_set = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint32_t bits = zimg::base::random_bits();
    seen.insert(bits);
    ever_set |= bits;
  }
  BOOST_TEST(seen.size() > 98u);
  BOOST_TEST(ever_set == 0xFFFFFFFFu);
}

BOOST_AUTO_TEST_SUITE_END()
