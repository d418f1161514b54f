#include "key/picture_key.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(picture_key)

BOOST_AUTO_TEST_CASE(changes_with_the_seed) {
  zimg::Request a, b;
  b.seed = 43;
  const zimg::key::DrawerIdentity drawer;
  BOOST_TEST(!(zimg::key::picture_key(zimg::key::canonicalize(a, {}), drawer) ==
               zimg::key::picture_key(zimg::key::canonicalize(b, {}), drawer)));
}

BOOST_AUTO_TEST_SUITE_END()
