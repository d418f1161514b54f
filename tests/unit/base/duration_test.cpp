#include "base/duration.hpp"

#include <boost/test/unit_test.hpp>

#include "expect_error.hpp"

namespace {

using zimg::base::parse_duration_ms;

}  // namespace

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(reads_every_unit) {
  BOOST_TEST(parse_duration_ms("ttl", "500ms") == 500);
  BOOST_TEST(parse_duration_ms("ttl", "60s") == 60'000);
  BOOST_TEST(parse_duration_ms("ttl", "90m") == 5'400'000);
  BOOST_TEST(parse_duration_ms("ttl", "24h") == 86'400'000);
  BOOST_TEST(parse_duration_ms("ttl", "36525d") == zimg::base::kLongestTtlMs);
}

BOOST_AUTO_TEST_CASE(reads_the_longest_that_can_be_counted) {
  BOOST_TEST(parse_duration_ms("ttl", "106751991167d") == 9'223'372'036'828'800'000);
  zimg_test::expect_error(zimg::ErrorCode::kInvalidArgument, {"ttl is '106751991168d'"},
                          [] { parse_duration_ms("ttl", "106751991168d"); });
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_duration) {
  for (const char* text : {"", "s", "60", "0s", "-1h", "+1h", "1.5h", "1 h", " 1h", "1h ", "1H", "1w", "1hs", "0x1s",
                           "99999999999999999999ms"}) {
    zimg_test::expect_error(zimg::ErrorCode::kInvalidArgument,
                            {"--ttl is '" + std::string(text) + "' where a duration above 0"},
                            [&] { parse_duration_ms("--ttl", text); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
