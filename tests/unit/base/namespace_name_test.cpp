#include "base/namespace_name.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using zimg::base::is_namespace_name;
using zimg::base::namespace_name_problem;

const std::string kExpected = "; 1 to 64 of A-Z a-z 0-9 . _ @ : - are expected";

}  // namespace

BOOST_AUTO_TEST_SUITE(namespace_name)

BOOST_AUTO_TEST_CASE(takes_letters_digits_and_five_signs) {
  for (const char* name : {"a", "default", "user:Ann-9@example.org_x", "AZaz09._@:-"}) {
    BOOST_TEST(is_namespace_name(name), name);
  }
  BOOST_TEST(is_namespace_name(std::string(64, 'x')));
}

BOOST_AUTO_TEST_CASE(tells_what_is_wrong_and_not_the_name) {
  BOOST_TEST(namespace_name_problem("").value() == "is empty" + kExpected);
  BOOST_TEST(namespace_name_problem(std::string(65, 'x')).value() == "is 65 bytes long" + kExpected);
  BOOST_TEST(namespace_name_problem("ab c").value() == "holds an unexpected character at byte 2" + kExpected);
}

// Of all octets 67 are allowed.
BOOST_AUTO_TEST_CASE(takes_no_other_octet) {
  int allowed = 0;
  for (int octet = 0; octet < 256; ++octet) allowed += is_namespace_name(std::string(1, static_cast<char>(octet)));
  BOOST_TEST(allowed == 26 + 26 + 10 + 5);
  for (const char* name : {"a/b", "a\\b", "a*", "*", "a\n", "猫", "a%20", "a,b", "a;b", "a=b"}) {
    BOOST_TEST(!is_namespace_name(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
