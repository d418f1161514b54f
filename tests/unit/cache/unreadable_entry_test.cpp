// Entries of which this version knows no more than the key and the pin: those of a newer one, and those whose header is
// damaged.
#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/lmdb_fixture.hpp"
#include "unit/cache/stored_header.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using lmdb_fixture::kMiB;

constexpr std::size_t kSize = 100000;  // bytes of each payload
constexpr std::size_t kLowOctetOfSchema = 9;
constexpr std::size_t kOctetOfTheKey = 20;  // under the checksum, and none by which a newer version is told

zimg::CacheEntry entry_in(const std::string& name_space, std::uint64_t seed, bool is_pinned = false) {
  zimg::CacheEntry entry = entry_of(seed, kSize);
  entry.info.name_space = name_space;
  entry.info.is_pinned = is_pinned;
  return entry;
}

struct Store {
  zimg_test::TemporaryFolder folder;
  std::shared_ptr<zimg::ICache> cache;

  void open(const zimg::CachePolicy& policy = {}) {
    zimg::LmdbOptions options;
    options.path = folder.path("store");
    options.capacity_bytes = 4 * kMiB;
    options.policy = policy;
    cache = zimg::open_lmdb_cache(options);
  }

  void change_header(const zimg::CacheKey& key, std::size_t place, std::uint8_t octet) const {
    lmdb_fixture::change_header(folder.path("store"), key, place, octet);
  }
  void make_newer(const zimg::CacheKey& key) const { change_header(key, kLowOctetOfSchema, 2); }
  void damage(const zimg::CacheKey& key) const {
    change_header(key, kOctetOfTheKey, static_cast<std::uint8_t>(key.digest()[0] ^ 1));
  }

  std::uint64_t purged(const zimg::PurgeFilter& filter) const { return zimg::purge(*cache, filter); }
};

// Three that can be read, a newer one, a newer one that is pinned, and a damaged one.
struct MixedStore : Store {
  MixedStore() {
    open();
    for (std::uint64_t i = 1; i <= 6; ++i) cache->store(key_of(i), entry_in("default", i, i == 5));
    make_newer(key_of(4));
    make_newer(key_of(5));
    damage(key_of(6));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(unreadable_entry)

BOOST_FIXTURE_TEST_CASE(goes_where_all_goes, MixedStore) {
  BOOST_TEST(purged({}) == 6u);
  BOOST_TEST(cache->stats().entries == 0u);
  BOOST_TEST(cache->stats().payload_bytes == 0u);
}

BOOST_FIXTURE_TEST_CASE(stays_where_it_is_pinned_and_those_are_spared, MixedStore) {
  zimg::PurgeFilter filter;
  filter.spares_pinned = true;
  BOOST_TEST(purged(filter) == 5u);
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_FIXTURE_TEST_CASE(goes_by_the_beginning_of_its_key, MixedStore) {
  for (std::uint64_t i = 4; i <= 6; ++i) {
    zimg::PurgeFilter filter;
    filter.key_prefix = key_of(i).hex().substr(0, 20);
    BOOST_TEST(purged(filter) == 1u);
  }
  BOOST_TEST(cache->stats().entries == 3u);
}

BOOST_FIXTURE_TEST_CASE(stays_where_only_what_cannot_be_read_would_tell, MixedStore) {
  const auto expect_none = [&](auto&& fill) {
    zimg::PurgeFilter filter;
    fill(filter);
    BOOST_TEST(purged(filter) == 0u);
  };
  for (const char* name : {"", "?", "other"}) {
    expect_none([&](auto& filter) { filter.name_space = name; });
    expect_none([&](auto& filter) {
      filter.tag = name;
      filter.name_space = "other";
    });
  }
  expect_none([](auto& filter) { filter.stored_before_ms = 1; });
  std::uint64_t readable = 0;
  BOOST_TEST(cache->erase_if([&](const auto&, const zimg::EntryInfo& info, std::uint64_t payload_bytes) {
    readable += info.name_space == "default" ? 1 : 0;
    return info.width < 100 && payload_bytes != kSize;
  }) == 0u);
  BOOST_TEST(readable == 3u);
  BOOST_TEST(cache->stats().entries == 6u);
}

BOOST_FIXTURE_TEST_CASE(is_not_pinned_by_who_cannot_read_it, MixedStore) {
  for (std::uint64_t i = 4; i <= 6; ++i) BOOST_TEST(!cache->pin(key_of(i), true));
}

// Whose it is cannot be told, and no namespace pushes out another's.
BOOST_AUTO_TEST_CASE(is_not_pushed_out_by_a_namespace_at_its_limit) {
  for (const bool weighs : {true, false}) {
    Store store;
    zimg::CachePolicy policy;
    policy.weighs_entries = weighs;
    policy.namespaces = {{"small", 3 * kSize + kSize / 2, 0, 0}};
    store.open(policy);
    for (std::uint64_t i = 1; i <= 5; ++i) {
      store.cache->store(key_of(i), entry_in("other", i));
      store.make_newer(key_of(i));
    }
    for (std::uint64_t i = 11; i <= 16; ++i) {
      BOOST_TEST((store.cache->store(key_of(i), entry_in("small", i)) == zimg::StoreOutcome::kStored));
    }
    BOOST_TEST(store.cache->stats().entries == 5u + 3u, "weighs_entries " << weighs);
  }
}

// It does go where the whole store is full, the oldest first, but for the pinned one.
BOOST_AUTO_TEST_CASE(goes_like_any_other_where_the_store_is_full) {
  for (const bool weighs : {true, false}) {
    Store store;
    zimg::CachePolicy policy;
    policy.weighs_entries = weighs;
    store.open(policy);
    for (std::uint64_t i = 1; i <= 5; ++i) {
      store.cache->store(key_of(i), entry_in("other", i, i == 5));
      store.make_newer(key_of(i));
    }
    for (std::uint64_t i = 100; store.cache->stats().evictions < 20; ++i) {
      BOOST_REQUIRE((store.cache->store(key_of(i), entry_in("small", i)) == zimg::StoreOutcome::kStored));
    }
    zimg::PurgeFilter readable;
    readable.name_space = "small";
    store.purged(readable);
    BOOST_TEST(store.cache->stats().entries == 1u, "weighs_entries " << weighs);
  }
}

BOOST_AUTO_TEST_SUITE_END()
