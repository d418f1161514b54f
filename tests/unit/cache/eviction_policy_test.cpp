#include "cache/policy/eviction_policy.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace zimg::cache;

// Far outside of the window, and never asked for.
EvictionCandidate candidate(std::uint64_t id, std::uint64_t bytes, double draw_ms) {
  return {id * 0x9e3779b97f4a7c15u, bytes, draw_ms, id, false};
}
constexpr EvictionWindow kWindow{1000, 320};  // of the ten newest

}  // namespace

BOOST_AUTO_TEST_SUITE(eviction_policy)

BOOST_AUTO_TEST_CASE(lets_go_first_what_saves_the_fewest_seconds_for_a_byte) {
  const FrequencySketch none;
  const auto places = choose_victims(
      {candidate(1, 100000, 9000), candidate(2, 100000, 1000), candidate(3, 900000, 1000), candidate(4, 10000, 1000)},
      kWindow, true, none);
  BOOST_TEST((places == std::vector<std::size_t>{2, 1}));
}

BOOST_AUTO_TEST_CASE(keeps_what_is_asked_for_often) {
  FrequencySketch asked;
  const auto popular = candidate(1, 100000, 1000);
  for (int i = 0; i < 10; ++i) asked.add(popular.hash);
  const auto places = choose_victims({popular, candidate(2, 100000, 1000)}, kWindow, true, asked);
  BOOST_REQUIRE(!places.empty());
  BOOST_TEST(places.front() == 1u);
}

BOOST_AUTO_TEST_CASE(lets_the_expired_go_before_any_other) {
  const FrequencySketch none;
  auto precious = candidate(999, 10, 1e9);  // in the window, too
  precious.is_expired = true;
  const auto places = choose_victims({candidate(1, 1000000, 1), precious}, kWindow, true, none);
  BOOST_TEST((places == std::vector<std::size_t>{1, 0}));
}

BOOST_AUTO_TEST_CASE(judges_nothing_in_the_window_unless_it_must) {
  const FrequencySketch none;
  const std::vector<EvictionCandidate> newest{candidate(991, 1000000, 1), candidate(1000, 1000000, 1)};
  BOOST_TEST(choose_victims(newest, kWindow, true, none).empty());
  BOOST_TEST(choose_victims(newest, kWindow, false, none).size() == 2u);
  BOOST_TEST(choose_victims({candidate(990, 1, 1)}, kWindow, true, none).size() == 1u);
  BOOST_TEST(choose_victims({}, kWindow, false, none).empty());
}

BOOST_AUTO_TEST_CASE(lets_the_older_of_two_equals_go) {
  const FrequencySketch none;
  const auto places =
      choose_victims({candidate(7, 1000, 10), candidate(5, 1000, 10), candidate(6, 1000, 10)}, kWindow, true, none);
  BOOST_TEST((places == std::vector<std::size_t>{1, 2}));
}

BOOST_AUTO_TEST_CASE(forgets_slowly_how_often_keys_were_asked_for) {
  FrequencySketch sketch;
  sketch.set_entries(100);  // halves after 1600 additions
  for (int i = 0; i < 8; ++i) sketch.add(1);
  BOOST_TEST(sketch.estimate(1) == 8u);
  BOOST_TEST(sketch.estimate(2) == 0u);
  for (std::uint64_t i = 0; i < 1592; ++i) sketch.add(1000 + i);
  BOOST_TEST(sketch.estimate(1) == 4u);
  for (int i = 0; i < 100; ++i) sketch.add(1);
  BOOST_TEST(sketch.estimate(1) == 15u);  // it counts no further
}

BOOST_AUTO_TEST_SUITE_END()
