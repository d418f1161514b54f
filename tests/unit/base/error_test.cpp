// The sentence of an error is text, whatever the file that it names is called.
#include "zimg/error.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using zimg::Error;
using zimg::ErrorCode;

BOOST_AUTO_TEST_CASE(keeps_what_is_utf8) {
  for (const std::string sentence : {"", "no file 'a'", "\xe7\xba\xa2\xe5\x9c\x86 is missing"}) {
    BOOST_TEST(Error(ErrorCode::kIo, sentence).what() == sentence);
  }
}

BOOST_AUTO_TEST_CASE(replaces_what_is_not) {
  BOOST_TEST(Error(ErrorCode::kIo, "no file 'caf\xe9'").what() == std::string("no file 'caf\xef\xbf\xbd'"));
}
