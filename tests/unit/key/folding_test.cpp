#include "key/folding.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace {

std::string normalized(const std::string& text) {
  return zimg::key::fold_text(text, zimg::MatchLevel::kNormalized).text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(folding)

BOOST_AUTO_TEST_CASE(punctuation_takes_the_form_of_its_text) {
  BOOST_TEST(normalized("一只猫,坐在窗台上") == "一只猫，坐在窗台上");
  BOOST_TEST(normalized("a cat，on a mat") == "a cat,on a mat");
}

BOOST_AUTO_TEST_SUITE_END()
