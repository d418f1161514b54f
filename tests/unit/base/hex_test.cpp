#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(hex)

BOOST_AUTO_TEST_CASE(writes_two_lower_case_digits_per_octet) {
  const zimg::Bytes bytes{0x00, 0x0f, 0xa0, 0xff};
  BOOST_TEST(zimg::base::to_hex(bytes.data(), bytes.size()) == "000fa0ff");
}

BOOST_AUTO_TEST_CASE(reads_either_case) {
  const auto bytes = zimg::base::from_hex("0fA0Ff");
  BOOST_REQUIRE(bytes.has_value());
  BOOST_TEST(*bytes == (zimg::Bytes{0x0f, 0xa0, 0xff}));
}

BOOST_AUTO_TEST_CASE(refuses_odd_lengths_and_other_characters) {
  BOOST_TEST(!zimg::base::from_hex("abc").has_value());
  BOOST_TEST(!zimg::base::from_hex("0g").has_value());
  BOOST_TEST(!zimg::base::from_hex(" 0").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
