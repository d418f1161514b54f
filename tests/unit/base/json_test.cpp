#include "base/json.hpp"

#include <boost/test/unit_test.hpp>

#include "expect_error.hpp"

namespace {

using zimg::ErrorCode;
using zimg::base::JsonLimits;
using zimg::base::parse_json;
using zimg_test::expect_error;

std::string refusal_of(const std::string& text, const JsonLimits& limits = {}) {
  try {
    parse_json(text, "line 3", ErrorCode::kInvalidArgument, limits);
  } catch (const zimg::Error& error) {
    BOOST_TEST((error.code() == ErrorCode::kInvalidArgument));
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(tells_place_and_reason) {
  BOOST_TEST(refusal_of("{\"prompt\": nonsense}") ==
             "line 3 is not JSON: parse error at column 13: syntax error while parsing value - invalid literal");
  BOOST_TEST(refusal_of("{\"a\": 1,\n}") ==
             "line 3 is not JSON: parse error at line 2, column 1: syntax error while parsing object key - unexpected "
             "'}'; expected string literal");
  BOOST_TEST(refusal_of("").starts_with("line 3 is not JSON: parse error at column 1"));
  BOOST_TEST(refusal_of("\"\xFF\"").find("UTF-8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(never_repeats_what_was_read) {
  const std::string prompt = "a secret'; expected prompt";
  for (const std::string& text :
       {"{\"prompt\": \"" + prompt, "[\"" + prompt + "\t\"]", "[\"" + prompt + "\\x\"]", "\"" + prompt + "\xFF\""}) {
    const std::string refusal = refusal_of(text);
    BOOST_TEST(refusal.find("is not JSON: parse error at column ") != std::string::npos, refusal);
    BOOST_TEST(refusal.find("secret") == std::string::npos, refusal);
    BOOST_TEST(refusal.find("prompt") == std::string::npos, refusal);
  }
}

BOOST_AUTO_TEST_CASE(stays_short_however_long_the_text_is) {
  BOOST_TEST(refusal_of("\"" + std::string(10'000'000, 'x')).size() < 200u);
  BOOST_TEST(refusal_of(std::string(10'000'000, '9')) ==
             "line 3 holds a number that is too large, expected at most 1.8e308");
}

BOOST_AUTO_TEST_CASE(bounds_depth_and_number_before_it_builds) {
  BOOST_TEST(refusal_of("[[[]]]", {.depth = 3}).empty());
  BOOST_TEST(refusal_of("[[[[]]]]", {.depth = 3}) == "line 3 nests deeper than 3 levels of JSON");
  BOOST_TEST(refusal_of("[[[[", {.depth = 3}) == "line 3 nests deeper than 3 levels of JSON");
  BOOST_TEST(refusal_of(R"([1,"a,b[{",{"c":2}])", {.values = 6}).empty());  // 5, and a comma in a string is none
  BOOST_TEST(refusal_of(R"([1,2,3,4,5,6])", {.values = 6}) == "line 3 holds more than 6 values of JSON");
  BOOST_TEST(refusal_of(R"([[],[],[],[],[],[)", {.values = 6}) == "line 3 holds more than 6 values of JSON");
  std::string many = "[0";
  for (int i = 0; i < 2'000'000; ++i) many += ",0";
  BOOST_TEST(refusal_of(many + "]") == "line 3 holds more than 2000000 values of JSON");
}

BOOST_AUTO_TEST_SUITE_END()
