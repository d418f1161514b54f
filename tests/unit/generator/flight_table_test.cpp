#include "generator/flight_table.hpp"

#include <boost/test/unit_test.hpp>

using zimg::CacheKey;
using zimg::Request;
using zimg::generator::CachePlan;
using zimg::generator::Drawing;
using zimg::generator::FlightTable;

namespace {

const CachePlan kKept{true, "", true, true, true, ""};

CacheKey key_of(std::uint8_t number) {
  CacheKey::Digest digest;
  digest.fill(number);
  return CacheKey(digest);
}

struct Fixture {
  FlightTable table;
  Request request;

  FlightTable::Boarding board(std::uint8_t number) {
    return table.board(key_of(number), request, kKept, table.ended(key_of(number)));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flight_table, Fixture)

BOOST_AUTO_TEST_CASE(the_first_leads_and_the_next_joins) {
  const auto first = board(1);
  const auto second = board(1);
  BOOST_TEST(first.leads);
  BOOST_TEST(!second.leads);
  BOOST_TEST((first.flight == second.flight));
  BOOST_REQUIRE(second.seat);
}

BOOST_AUTO_TEST_CASE(another_key_is_another_flight) {
  const auto first = board(1);
  const auto second = board(2);
  BOOST_TEST(second.leads);
  BOOST_TEST((first.flight != second.flight));
}

BOOST_AUTO_TEST_CASE(an_ended_flight_is_joined_by_nobody) {
  const auto first = board(1);
  table.end(key_of(1), first.flight.get());
  const auto second = board(1);
  BOOST_TEST(second.leads);
  BOOST_TEST((first.flight != second.flight));
}

BOOST_AUTO_TEST_CASE(one_that_everybody_has_left_is_replaced_and_its_end_touches_no_other) {
  auto first = board(1);
  first.seat.reset();
  const auto second = board(1);
  BOOST_TEST(second.leads);
  table.end(key_of(1), first.flight.get());
  const auto third = board(1);
  BOOST_TEST(!third.leads);
  BOOST_TEST((third.flight == second.flight));
}

// Between a look into the cache and boarding, the flight that would have been joined may have stored its picture and
// gone: the picture was drawn twice.
BOOST_AUTO_TEST_CASE(who_leads_looks_again_when_a_flight_of_the_key_has_ended_since_the_cache_was_looked_into) {
  const auto first = board(1);
  const auto before = table.ended(key_of(1));
  table.end(key_of(1), first.flight.get());
  const auto second = table.board(key_of(1), request, kKept, before);
  BOOST_TEST(second.leads);
  BOOST_TEST(second.looks_again);
  table.end(key_of(1), second.flight.get());
  BOOST_TEST(!board(1).looks_again);
}

BOOST_AUTO_TEST_CASE(nobody_looks_again_who_does_not_look_at_all) {
  const auto first = board(1);
  const auto before = table.ended(key_of(1));
  table.end(key_of(1), first.flight.get());
  const CachePlan refreshing{false, "refresh", true, true, true, ""};
  const auto second = table.board(key_of(1), request, refreshing, before);
  BOOST_TEST(second.leads);
  BOOST_TEST(!second.looks_again);
}

BOOST_AUTO_TEST_CASE(flights_of_other_keys_that_end_send_nobody_back) {
  const auto before = table.ended(key_of(1));
  for (std::uint8_t other = 2; other < 100; ++other) {
    const auto flight = board(other);
    table.end(key_of(other), flight.flight.get());
  }
  const auto mine = table.board(key_of(1), request, kKept, before);
  BOOST_TEST(mine.leads);
  BOOST_TEST(!mine.looks_again);
}

BOOST_AUTO_TEST_CASE(joining_needs_no_second_look) {
  const auto first = board(1);
  const auto before = table.ended(key_of(1));
  table.end(key_of(1), first.flight.get());
  const auto second = board(1);
  const auto third = table.board(key_of(1), request, kKept, before);
  BOOST_TEST((third.flight == second.flight));
  BOOST_TEST(!third.looks_again);
}

BOOST_AUTO_TEST_SUITE_END()
