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
  CacheKey::Digest digest{};
  digest.back() = number;
  return CacheKey(digest);
}

struct Fixture {
  FlightTable table;
  Request request;

  FlightTable::Boarding board(std::uint8_t number) {
    return table.board(key_of(number), request, kKept, table.ended());
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
BOOST_AUTO_TEST_CASE(opens_no_flight_when_one_has_ended_since_the_cache_was_looked_into) {
  const auto first = board(1);
  const auto before = table.ended();
  table.end(key_of(1), first.flight.get());
  BOOST_TEST(!table.board(key_of(1), request, kKept, before).flight);
  BOOST_TEST(table.board(key_of(1), request, kKept, table.ended()).leads);
}

BOOST_AUTO_TEST_CASE(joining_needs_no_second_look) {
  const auto first = board(1);
  const auto second = board(2);
  const auto before = table.ended();
  table.end(key_of(2), second.flight.get());
  BOOST_TEST((table.board(key_of(1), request, kKept, before).flight == first.flight));
}

BOOST_AUTO_TEST_SUITE_END()
