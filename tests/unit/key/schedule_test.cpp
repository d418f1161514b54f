#include "key/schedule.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/sha256.hpp"

using zimg::Schedule;
using zimg::key::sigmas;

namespace {

// Digest of the lists of 1 to 1000 steps for shift 3, then 6: the bits of each number in hex, a list a line.
std::string digest_of_all(Schedule kind) {
  zimg::base::Sha256 hash;
  for (const double shift : {3.0, 6.0}) {
    for (std::uint32_t steps = 1; steps <= 1000; ++steps) {
      std::string line;
      for (const float sigma : sigmas(kind, steps, shift)) {
        char hex[16];
        std::snprintf(hex, sizeof(hex), "%s%08x", line.empty() ? "" : " ", std::bit_cast<std::uint32_t>(sigma));
        line += hex;
      }
      line += "\n";
      hash.update(line.data(), line.size());
    }
  }
  return zimg::base::hex_of(hash.finish());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule)

// Numbers of diffusers 0.42.1 with the released scheduler configs.
BOOST_AUTO_TEST_CASE(turbo_takes_its_eight_steps) {
  const std::vector<float> expected = {1.0F,  0.954545438F, 0.899999976F, 0.833333313F,
                                       0.75F, 0.642857134F, 0.5F,         0.300000012F};
  BOOST_TEST(sigmas(Schedule::kLinear, 8, 3) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(base_takes_its_fifty_and_twenty_eight) {
  const auto fifty = sigmas(Schedule::kLinear, 50, 6);
  BOOST_TEST_REQUIRE(fifty.size() == 50u);
  BOOST_TEST(fifty[0] == 1.0F);
  BOOST_TEST(std::abs(fifty[1] - 0.9966102F) < 1e-7F);
  BOOST_TEST(std::abs(fifty[2] - 0.9931034F) < 1e-7F);
  BOOST_TEST(std::abs(fifty[47] - 0.2769231F) < 1e-7F);
  BOOST_TEST(std::abs(fifty[48] - 0.2F) < 1e-7F);
  BOOST_TEST(std::abs(fifty[49] - 0.1090909F) < 1e-7F);
  const auto twenty_eight = sigmas(Schedule::kLinear, 28, 6);
  BOOST_TEST(std::abs(twenty_eight[26] - 0.3157895F) < 1e-7F);
  BOOST_TEST(std::abs(twenty_eight[27] - 0.1818182F) < 1e-7F);
}

BOOST_AUTO_TEST_CASE(nine_legacy_steps_are_eight_and_one_at_zero) {
  auto expected = sigmas(Schedule::kLinear, 8, 3);
  expected.push_back(0.0F);
  BOOST_TEST(sigmas(Schedule::kLegacyZeroEnd, 9, 3) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(eight_native_steps_are_the_same_eight) {
  BOOST_TEST(sigmas(Schedule::kNative, 8, 3) == sigmas(Schedule::kLinear, 8, 3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_step_starts_at_one) {
  for (const auto kind : {Schedule::kLinear, Schedule::kLegacyZeroEnd, Schedule::kNative}) {
    const auto list = sigmas(kind, 1, 3);
    BOOST_TEST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0] == 1.0F);
  }
}

// These digests are those of diffusers' and numpy's own lists: of the older schedules the same on every machine, of the
// linear one on processors with AVX2. The list is part of every key: another bit makes every stored picture unfindable.
BOOST_AUTO_TEST_CASE(every_schedule_is_the_reference_s_to_the_bit) {
  BOOST_TEST(digest_of_all(Schedule::kLinear) == "84e00fcc4ef5a04f23d75298e0ed6794089d7e8af3a348acd5bb50d9397e54a9");
  BOOST_TEST(digest_of_all(Schedule::kLegacyZeroEnd) ==
             "ac19501ca37c423522a88f989056237590ed57f63cfa5a88c1a48253e4ce88df");
  BOOST_TEST(digest_of_all(Schedule::kNative) == "85088dd4188c755e4130f718585068589e8c5ffeb4f1d2c1252adc7f4ca9f510");
}

BOOST_AUTO_TEST_CASE(levels_fall_from_one_and_stay_in_range) {
  for (const auto kind : {Schedule::kLinear, Schedule::kLegacyZeroEnd, Schedule::kNative}) {
    for (std::uint32_t steps = 1; steps <= 1000; ++steps) {
      const auto list = sigmas(kind, steps, 6);
      BOOST_TEST_REQUIRE(list.size() == steps);
      BOOST_TEST_REQUIRE(list[0] == 1.0F);
      for (std::size_t i = 1; i < list.size(); ++i) BOOST_TEST_REQUIRE(list[i] < list[i - 1]);
      const bool ends_at_zero = kind == Schedule::kLegacyZeroEnd && steps > 1;
      BOOST_TEST_REQUIRE((list.back() == 0.0F) == ends_at_zero);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
