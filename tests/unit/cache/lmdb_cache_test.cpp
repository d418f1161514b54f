// How one LMDB cache keeps, counts, evicts and refuses.
#include <lmdb.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <functional>
#include <optional>

#include "cache/lmdb/file_lock.hpp"
#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/lmdb_fixture.hpp"
#include "unit/cache/stored_header.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using lmdb_fixture::contains;
using lmdb_fixture::kMiB;
using lmdb_fixture::open;
using lmdb_fixture::shared_environment;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::in_child;
using zimg_test::TemporaryFolder;

// The id in the header under `key`, and nothing else of it.
void damage_id(const std::string& path, const zimg::CacheKey& key, std::uint8_t id) {
  constexpr std::size_t kLastOctetOfId = 19;
  lmdb_fixture::change_header(path, key, kLastOctetOfId, id);
}

// A reader that stands still keeps every page that is freed from being written again, so that the map fills to its last
// page whatever is evicted; and erasing takes pages too.
struct FullMap {
  static constexpr std::uint64_t kPinned = 12;
  TemporaryFolder folder;
  std::shared_ptr<zimg::ICache> cache = open(folder.path("store"), 4 * kMiB);
  std::shared_ptr<zimg::cache::Environment> environment = shared_environment(folder.path("store"));
  std::optional<zimg::cache::Environment::Reading> reading;
  std::uint64_t number = kPinned;  // of the first key that is not there

  FullMap() {
    for (std::uint64_t pinned = 0; pinned < kPinned; ++pinned) {
      zimg::CacheEntry entry = entry_of(pinned, 1000);
      entry.info.is_pinned = true;
      BOOST_REQUIRE((cache->store(key_of(pinned), entry) == zimg::StoreOutcome::kStored));
    }
    reading.emplace(*environment);
    for (const std::size_t size : {400000, 60000, 3000, 10}) {
      while (cache->store(key_of(number), entry_of(number, size)) == zimg::StoreOutcome::kStored) ++number;
    }
    BOOST_TEST(number > kPinned);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lmdb_cache)

BOOST_AUTO_TEST_CASE(outlives_the_handle) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a/b/store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  const auto found = open(path)->find(key_of(1));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((*found->payload == *entry_of(1, 100000).payload));
}

BOOST_AUTO_TEST_CASE(remembers_its_size_and_grows_and_shrinks_when_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  BOOST_TEST(open(path)->stats().capacity_bytes == 16 * kMiB);
  BOOST_TEST(open(path, 32 * kMiB)->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(open(path)->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(open(path, 8 * kMiB)->stats().capacity_bytes == 8 * kMiB);
  BOOST_TEST(open(path)->find(key_of(1)).has_value());
  for (std::uint64_t i = 0; i < 10; ++i) open(path)->store(key_of(i), entry_of(i, 500000));
  expect_error(ErrorCode::kCache, {"pages reach up to"}, [&] { open(path, 4 * kMiB); });
  BOOST_TEST(open(path)->find(key_of(9)).has_value());
}

BOOST_AUTO_TEST_CASE(is_not_resized_while_another_process_uses_it) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  const int status = in_child([&]() -> int {
    try {
      open(folder.path("store"), 32 * kMiB);
      return 1;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache || !contains(error.what(), "another process uses it")) return 2;
    }
    return open(folder.path("store"))->stats().capacity_bytes == 16 * kMiB ? 0 : 3;
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(evicts_the_oldest_where_it_does_not_weigh) {
  const TemporaryFolder folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = 16 * kMiB;
  options.policy.weighs_entries = false;
  const auto cache = zimg::open_lmdb_cache(options);
  std::uint64_t number = 0;
  for (std::uint64_t written = 0; written < 48 * kMiB; ++number) {
    const std::size_t size = 1000 + number * 7919 % 600000;
    BOOST_REQUIRE(cache->store(key_of(number), entry_of(number, size)) == zimg::StoreOutcome::kStored);
    BOOST_REQUIRE(cache->find(key_of(number)).has_value());
    written += size;
  }
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.evictions > 0u);
  BOOST_TEST(stats.entries == number - stats.evictions);
  BOOST_TEST(stats.used_bytes <= 16 * kMiB * 85 / 100);
  BOOST_TEST(stats.payload_bytes >= 16 * kMiB * 85 / 100 * 80 / 100);
  BOOST_TEST(!cache->find(key_of(0)).has_value());
  std::uint64_t live = 0;
  cache->list([&](const auto&, const zimg::EntryInfo& info, std::uint64_t payload_bytes) {
    BOOST_TEST(info.seed >= number - stats.entries);  // the last ones, without a gap
    live += payload_bytes;
    return true;
  });
  BOOST_TEST(live == stats.payload_bytes);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE(erases_nothing_of_another_entry_whose_id_a_damaged_header_names) {
  constexpr std::size_t kSize = 100000;
  const std::function<void(zimg::ICache&)> ways[] = {
      [](zimg::ICache& cache) { BOOST_TEST(!cache.find(key_of(1)).has_value()); },
      [](zimg::ICache& cache) { BOOST_TEST(cache.verify({}).damaged == 1u); },
      [](zimg::ICache& cache) { BOOST_TEST(cache.erase(key_of(1))); },
      [](zimg::ICache& cache) { cache.store(key_of(1), entry_of(1, kSize)); },
  };
  for (const auto& way : ways) {
    const TemporaryFolder folder;
    const auto cache = open(folder.path("store"), 16 * kMiB);
    for (std::uint64_t number = 1; number <= 2; ++number) cache->store(key_of(number), entry_of(number, kSize));
    damage_id(folder.path("store"), key_of(1), 2);
    way(*cache);
    const auto found = cache->find(key_of(2));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((*found->payload == *entry_of(2, kSize).payload));
    BOOST_TEST(cache->stats().payload_bytes == kSize * (1 + cache->stats().entries));  // with what is left behind
    for (std::uint64_t number = 3; cache->stats().evictions == 0; ++number) {
      BOOST_REQUIRE((cache->store(key_of(number), entry_of(number, kSize)) == zimg::StoreOutcome::kStored));
    }
    BOOST_TEST(cache->stats().payload_bytes == kSize * cache->stats().entries);
  }
}

BOOST_AUTO_TEST_CASE(tells_what_is_too_large) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 4 * kMiB);
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 2 * kMiB)) == zimg::StoreOutcome::kTooLarge));
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 800000)) == zimg::StoreOutcome::kStored));
}

BOOST_FIXTURE_TEST_CASE(refuses_without_an_error_what_the_full_map_has_no_room_for, FullMap) {
  for (std::uint64_t old = 0; old < kPinned; ++old) {
    BOOST_REQUIRE(cache->contains(key_of(old)));
    BOOST_TEST((cache->store(key_of(old), entry_of(100 + old, 1000)) == zimg::StoreOutcome::kTooFull));
    BOOST_TEST(!cache->find(key_of(old)).has_value());
    BOOST_TEST(!cache->peek(key_of(old)).has_value());
    BOOST_TEST(!cache->contains(key_of(old)));
    BOOST_TEST(!cache->pin(key_of(old), false));
  }
  const zimg::CacheKey last = key_of(kPinned - 1);
  BOOST_TEST(environment->tables().header(reading->txn(), last).has_value());
  BOOST_TEST(environment->withdrawn_under(last).has_value());  // not even erased: there was no room
  BOOST_CHECK_THROW(cache->erase(last), zimg::Error);
  reading.reset();
  BOOST_TEST((cache->store(key_of(number), entry_of(number, 1000)) == zimg::StoreOutcome::kStored));
  BOOST_TEST(!environment->withdrawn_under(last).has_value());
  reading.emplace(*environment);
  for (std::uint64_t old = 0; old < kPinned; ++old) {
    BOOST_TEST(!environment->tables().header(reading->txn(), key_of(old)).has_value());
  }
  reading.reset();
  BOOST_TEST((cache->store(last, entry_of(200, 1000)) == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->find(last)->info.seed == entry_of(200, 1000).info.seed);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

// One of the two keys is that of the newest entry, whose id the next one is given.
BOOST_FIXTURE_TEST_CASE(keeps_what_another_process_has_stored_where_it_could_not_erase, FullMap) {
  const zimg::CacheKey keys[] = {key_of(kPinned - 1), key_of(number - 1)};
  for (std::uint64_t old = 0; old < kPinned; ++old) cache->store(key_of(old), entry_of(100 + old, 1000));
  cache->store(keys[1], entry_of(300, 1000));
  for (const auto& key : keys) BOOST_REQUIRE(environment->withdrawn_under(key).has_value());
  reading.reset();
  const int status = in_child([&]() -> int {
    const auto other = open(folder.path("store"));
    for (const auto& key : {keys[1], keys[0]}) {
      if (other->store(key, entry_of(200, 1000)) != zimg::StoreOutcome::kStored) return 1;
    }
    return 0;
  });
  BOOST_REQUIRE(status == 0);
  for (const bool has_stored : {false, true}) {
    for (const auto& key : keys) {
      BOOST_TEST(cache->contains(key));
      BOOST_TEST(cache->pin(key, has_stored));
      const auto found = cache->find(key);
      BOOST_REQUIRE(found.has_value());
      BOOST_TEST((*found->payload == *entry_of(200, 1000).payload));
    }
    BOOST_TEST((cache->store(key_of(number), entry_of(number, 1000)) == zimg::StoreOutcome::kStored));
  }
  BOOST_TEST(environment->withdrawn().is_empty());
}

BOOST_FIXTURE_TEST_CASE(forgets_what_it_could_not_erase_once_a_purge_has, FullMap) {
  for (std::uint64_t old = 0; old < kPinned; ++old) cache->store(key_of(old), entry_of(100 + old, 1000));
  BOOST_REQUIRE(!environment->withdrawn().is_empty());
  reading.reset();
  zimg::purge(*cache, {});
  BOOST_TEST(environment->withdrawn().is_empty());
}

BOOST_AUTO_TEST_CASE(gives_up_when_another_process_keeps_writing) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  zimg::cache::FileLock other(folder.path("store/writer.lock"));  // a descriptor of its own, as a process has
  BOOST_REQUIRE(other.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  const auto start = std::chrono::steady_clock::now();
  expect_error(ErrorCode::kCache, {"100 ms"}, [&] { cache->store(key_of(2), entry_of(2, 1000)); });
  const auto waited = std::chrono::steady_clock::now() - start;
  BOOST_TEST((waited >= std::chrono::milliseconds(100)));
  BOOST_TEST((waited < std::chrono::milliseconds(1000)));
  BOOST_TEST(cache->find(key_of(1)).has_value());  // a hit does not wait for it
  other.release();
  BOOST_TEST((cache->store(key_of(2), entry_of(2, 1000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(counts_no_peek) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 10));
  BOOST_TEST(cache->peek(key_of(1)).has_value());
  BOOST_TEST(!cache->peek(key_of(2)).has_value());
  BOOST_TEST(cache->stats().hits + cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_CASE(loses_nothing_when_a_store_fails_half_way) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  const int status = in_child([&]() -> int {
    const auto cache = open(path);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300000, 300000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    try {
      cache->store(key_of(2), entry_of(2, 1000000));
      return 2;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache) return 3;
    }
    if (cache->find(key_of(2))) return 4;
    return cache->find(key_of(1)) ? 0 : 5;
  });
  BOOST_TEST(status == 0);
  const auto cache = open(path);
  BOOST_TEST(cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->stats().entries == 1u);
  BOOST_TEST((cache->store(key_of(2), entry_of(2, 1000000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_SUITE_END()
