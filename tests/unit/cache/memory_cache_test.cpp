#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"

using icache_contract::entry_of;
using icache_contract::key_of;

BOOST_AUTO_TEST_SUITE(memory_cache)

BOOST_AUTO_TEST_CASE(shares_payloads_without_copying) {
  const auto cache = zimg::make_memory_cache(1000);
  const zimg::CacheEntry entry = entry_of(1, 500);
  cache->store(key_of(1), entry);
  BOOST_REQUIRE(cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->find(key_of(1))->payload.get() == entry.payload.get());
}

BOOST_AUTO_TEST_CASE(lets_the_least_recently_used_go_first_where_it_does_not_weigh) {
  zimg::CachePolicy policy;
  policy.weighs_entries = false;
  const auto cache = zimg::make_memory_cache(1000, policy);
  for (std::uint64_t i = 0; i < 4; ++i) cache->store(key_of(i), entry_of(i, 250));
  cache->find(key_of(0));
  cache->store(key_of(4), entry_of(4, 300));  // needs the room of two
  BOOST_TEST(cache->find(key_of(0)).has_value());
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  BOOST_TEST(!cache->find(key_of(2)).has_value());
  BOOST_TEST(cache->find(key_of(3)).has_value());
  BOOST_TEST(cache->find(key_of(4)).has_value());
  BOOST_TEST(cache->stats().evictions == 2u);
  BOOST_TEST(cache->stats().payload_bytes == 800u);
}

BOOST_AUTO_TEST_CASE(counts_no_peek) {
  const auto cache = zimg::make_memory_cache(500);
  cache->store(key_of(1), entry_of(1, 250));
  cache->store(key_of(2), entry_of(2, 250));
  BOOST_TEST(cache->peek(key_of(1)).has_value());
  BOOST_TEST(!cache->peek(key_of(9)).has_value());
  BOOST_TEST(cache->stats().hits + cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_a_size_of_nothing) {
  BOOST_CHECK_THROW(zimg::make_memory_cache(0), zimg::Error);
}

BOOST_AUTO_TEST_SUITE_END()
