// What a CachePolicy promises, over every cache that takes one.
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::CachePolicy;
using zimg::StoreOutcome;

constexpr std::uint64_t kMiB = 1u << 20;

struct Memory {
  // What its room is good for.
  static constexpr std::uint64_t kRoom = 4 * kMiB * 85 / 100;
  static constexpr const char* kEviction = "from 100 % on";
  std::shared_ptr<zimg::ICache> open(const CachePolicy& policy) { return zimg::make_memory_cache(kRoom, policy); }
};

struct Lmdb {
  static constexpr std::uint64_t kRoom = Memory::kRoom;
  static constexpr const char* kEviction = "from 85 % on";
  zimg_test::TemporaryFolder folder;
  std::shared_ptr<zimg::ICache> open(const CachePolicy& policy) {
    zimg::LmdbOptions options;
    options.path = folder.path("store");
    options.capacity_bytes = 4 * kMiB;
    options.policy = policy;
    return zimg::open_lmdb_cache(options);
  }
};

using Backends = boost::mpl::list<Memory, Lmdb>;

constexpr std::size_t kSize = 100000;  // bytes: about 34 fit

zimg::CacheEntry picture(std::uint64_t number, const std::string& name_space = "default", double draw_ms = 100) {
  zimg::CacheEntry entry = entry_of(number, kSize);
  entry.info.name_space = name_space;
  entry.info.draw_ms = draw_ms;
  return entry;
}

std::uint64_t bytes_of(zimg::ICache& cache, const std::string& name_space) {
  for (const auto& part : cache.namespace_stats()) {
    if (part.name_space == name_space) return part.payload_bytes;
  }
  return 0;
}

// Stores pinned pictures until one is refused, and says why. `first` is the number of the first.
StoreOutcome fill_with_pinned(zimg::ICache& cache, const std::string& name_space, std::uint64_t first) {
  StoreOutcome outcome = StoreOutcome::kStored;
  for (std::uint64_t i = first; outcome == StoreOutcome::kStored && i < first + 100; ++i) {
    zimg::CacheEntry pinned = picture(i, name_space);
    pinned.info.is_pinned = true;
    outcome = cache.store(key_of(i), pinned);
  }
  return outcome;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_entries_live_as_long_as_their_namespaces_rule_says, Backend, Backends) {
  Backend backend;
  std::int64_t now = 1000000;
  CachePolicy policy;
  policy.now_ms = [&now] { return now; };
  policy.namespaces = {{"demo", 0, 0, 60000}, {"*", 0, 0, 5000}};
  const auto cache = backend.open(policy);
  zimg::CacheEntry own = picture(3, "demo");
  own.info.expires_at_ms = now + 70000;
  cache->store(key_of(1), picture(1, "demo"));
  cache->store(key_of(2), picture(2, "any other"));
  cache->store(key_of(3), own);
  BOOST_TEST(cache->find(key_of(1))->info.expires_at_ms == 1060000);
  BOOST_TEST(cache->find(key_of(3))->info.expires_at_ms == 1070000);
  now += 4999;
  BOOST_TEST(cache->find(key_of(2)).has_value());
  now += 1;
  BOOST_TEST(!cache->find(key_of(2)).has_value());
  now = 1059999;
  BOOST_TEST(cache->find(key_of(1)).has_value());  // and being found does not lengthen its life
  now = 1060000;
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->find(key_of(3)).has_value());
  now = 1070000;
  BOOST_TEST(!cache->find(key_of(3)).has_value());
  BOOST_TEST(cache->stats().expired == 3u);
  BOOST_TEST(cache->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_entries_live_to_the_last_moment_that_there_is, Backend, Backends) {
  constexpr std::int64_t kHundredYears = 3155760000000;
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  Backend backend;
  std::int64_t now = 1000000;
  CachePolicy policy;
  policy.now_ms = [&now] { return now; };
  policy.namespaces = {{"*", 0, 0, kHundredYears}};
  const auto cache = backend.open(policy);
  const auto expiry = [&](std::uint64_t number) {
    cache->store(key_of(number), picture(number));
    const auto found = cache->find(key_of(number));
    return found ? found->info.expires_at_ms : -1;
  };
  BOOST_TEST(expiry(1) == now + kHundredYears);
  now = kLatest - kHundredYears;
  BOOST_TEST(expiry(2) == kLatest);
  now = kLatest - 1;
  BOOST_TEST(expiry(3) == kLatest);  // and not in the past, where the sum would lead
}

BOOST_AUTO_TEST_CASE_TEMPLATE(spreads_expiries_by_jitter_and_never_lengthens_them, Backend, Backends) {
  Backend backend;
  CachePolicy policy;
  policy.now_ms = [] { return std::int64_t{1000000}; };
  policy.namespaces = {{"demo", 0, 0, 100000}};
  policy.ttl_jitter = 0.5;
  const auto cache = backend.open(policy);
  std::int64_t least = 2000000;
  std::int64_t most = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    cache->store(key_of(i), picture(i, "demo"));
    const std::int64_t expiry = cache->find(key_of(i))->info.expires_at_ms;
    least = std::min(least, expiry);
    most = std::max(most, expiry);
  }
  BOOST_TEST(least >= 1050000);
  BOOST_TEST(most <= 1100000);
  BOOST_TEST(most - least > 20000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(evicts_what_saves_least_and_neither_the_pinned_nor_the_costly, Backend, Backends) {
  Backend backend;
  const auto cache = backend.open({});
  cache->store(key_of(0), picture(0, "default", 1));
  cache->pin(key_of(0), true);
  for (std::uint64_t i = 1; i <= 10; ++i) cache->store(key_of(i), picture(i, "default", 60000));
  for (std::uint64_t i = 11; i <= 100; ++i) {
    BOOST_REQUIRE((cache->store(key_of(i), picture(i, "default", 100)) == StoreOutcome::kStored));
    BOOST_REQUIRE(cache->find(key_of(i)).has_value());
  }
  for (std::uint64_t i = 0; i <= 10; ++i) BOOST_TEST(cache->find(key_of(i)).has_value(), "picture " << i);
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.evictions > 60u);
  BOOST_TEST(stats.entries + stats.evictions == 101u);
  BOOST_TEST(stats.payload_bytes > 2500000u);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(evicts_the_expired_before_any_other, Backend, Backends) {
  Backend backend;
  std::int64_t now = 1000000;
  CachePolicy policy;
  policy.now_ms = [&now] { return now; };
  const auto cache = backend.open(policy);
  for (std::uint64_t i = 0; i < 24; ++i) {
    zimg::CacheEntry entry = picture(i, "default", i % 2 == 0 ? 60000 : 1);
    if (i % 2 == 0) entry.info.expires_at_ms = now + 1000;
    cache->store(key_of(i), entry);
  }
  now += 1000;
  for (std::uint64_t i = 24; i < 36; ++i) cache->store(key_of(i), picture(i, "default", 60000));
  for (std::uint64_t i = 1; i < 24; i += 2) BOOST_TEST(cache->find(key_of(i)).has_value(), "picture " << i);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_a_namespace_to_its_limit, Backend, Backends) {
  Backend backend;
  CachePolicy policy;
  policy.namespaces = {{"small", 5 * kSize, 0, 0}, {"*", 8 * kSize, 0, 0}};
  const auto cache = backend.open(policy);
  for (std::uint64_t i = 0; i < 12; ++i) {
    BOOST_TEST((cache->store(key_of(i), picture(i, "small")) == StoreOutcome::kStored));
    BOOST_TEST((cache->store(key_of(100 + i), picture(i, "other")) == StoreOutcome::kStored));
    BOOST_TEST((cache->store(key_of(0), picture(0, "small")) == StoreOutcome::kStored));  // replacing takes no more
  }
  BOOST_TEST(bytes_of(*cache, "small") == 5 * kSize);
  BOOST_TEST(bytes_of(*cache, "other") == 8 * kSize);
  zimg::CacheEntry large = picture(1, "small");
  large.payload = icache_contract::payload_of(1, 5 * kSize + 1);
  BOOST_TEST((cache->store(key_of(0), large) == StoreOutcome::kOverQuota));
  BOOST_TEST(!cache->find(key_of(0)).has_value());
  BOOST_TEST(cache->stats().rejected == 1u);
  cache->erase_if([](const auto&, const zimg::EntryInfo& info, std::uint64_t) { return info.name_space == "small"; });
  for (std::uint64_t i = 0; i < 5; ++i) {
    cache->store(key_of(i), picture(i, "small"));
    cache->pin(key_of(i), true);
  }
  BOOST_TEST((cache->store(key_of(9), picture(9, "small")) == StoreOutcome::kOverQuota));
  BOOST_TEST(bytes_of(*cache, "small") == 5 * kSize);
}

// One that takes the room of more others than go of each sample.
BOOST_AUTO_TEST_CASE_TEMPLATE(lets_many_small_pictures_go_for_a_large_one, Backend, Backends) {
  Backend backend;
  CachePolicy policy;
  constexpr std::size_t kSmall = 65000;  // a chunk, so that the pages of any will do for another
  policy.namespaces = {{"bounded", 15 * kSmall, 0, 0}};
  const auto cache = backend.open(policy);
  const auto sized = [](std::uint64_t number, std::size_t bytes, const std::string& name_space) {
    zimg::CacheEntry entry = picture(number, name_space);
    entry.payload = icache_contract::payload_of(number, bytes);
    return entry;
  };
  for (std::uint64_t i = 0; i < 70; ++i) cache->store(key_of(i), sized(i, kSmall, i % 2 == 0 ? "free" : "bounded"));
  BOOST_TEST(bytes_of(*cache, "bounded") == 15 * kSmall);
  for (std::uint64_t i = 100; i < 106; ++i) {
    const std::string name_space = i % 2 == 0 ? "bounded" : "free";
    BOOST_TEST((cache->store(key_of(i), sized(i, 8 * kSmall, name_space)) == StoreOutcome::kStored));
    BOOST_TEST(cache->find(key_of(i)).has_value());
  }
  BOOST_TEST(bytes_of(*cache, "bounded") <= 15 * kSmall);
  BOOST_TEST(cache->stats().rejected == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_reserved_bytes_from_every_other_namespace, Backend, Backends) {
  Backend backend;
  CachePolicy policy;
  policy.namespaces = {{"guest", 0, 10 * kSize, 0}};
  const auto cache = backend.open(policy);
  for (std::uint64_t i = 0; i < 60; ++i) cache->store(key_of(i), picture(i, "greedy", 60000));
  BOOST_TEST(bytes_of(*cache, "greedy") <= Backend::kRoom - 10 * kSize);
  BOOST_TEST(bytes_of(*cache, "greedy") >= 15 * kSize);
  for (std::uint64_t i = 0; i < 10; ++i) {
    BOOST_TEST((cache->store(key_of(100 + i), picture(i, "guest", 1)) == StoreOutcome::kStored));
  }
  for (std::uint64_t i = 200; i < 260; ++i) cache->store(key_of(i), picture(i, "greedy", 60000));
  BOOST_TEST(bytes_of(*cache, "guest") == 10 * kSize);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(warns_once_for_each_time_it_fills_up, Backend, Backends) {
  Backend backend;
  int warnings = 0;
  CachePolicy policy;
  policy.on_warning = [&](const std::string& sentence) {
    ++warnings;
    BOOST_TEST(sentence.find("80 %") != std::string::npos);
    BOOST_TEST(sentence.find(Backend::kEviction) != std::string::npos, sentence);
    throw 1;  // is lost
  };
  const auto cache = backend.open(policy);
  for (std::uint64_t i = 0; i < 20; ++i) cache->store(key_of(i), picture(i));
  BOOST_TEST(warnings == 0);
  for (std::uint64_t i = 20; i < 60; ++i) cache->store(key_of(i), picture(i));
  BOOST_TEST(warnings == 1);
  zimg::purge(*cache, {});
  for (std::uint64_t i = 0; i < 60; ++i) cache->store(key_of(i), picture(i));
  BOOST_TEST(warnings == 2);
}

// 85 % is where eviction begins, 95 % where nothing more is let in, and nothing but what is pinned leads there.
BOOST_AUTO_TEST_CASE_TEMPLATE(lets_nothing_in_that_only_pinned_pictures_would_have_to_make_room_for, Backend,
                              Backends) {
  Backend backend;
  const auto cache = backend.open({});
  std::uint64_t kept = 0;
  StoreOutcome outcome = StoreOutcome::kStored;
  for (; outcome == StoreOutcome::kStored && kept < 100; ++kept) {
    zimg::CacheEntry pinned = picture(kept);
    pinned.info.is_pinned = true;
    outcome = cache->store(key_of(kept), pinned);
  }
  --kept;
  BOOST_TEST((outcome == StoreOutcome::kTooFull));
  BOOST_TEST(kept > 25u);
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.entries == kept);
  BOOST_TEST(stats.evictions == 0u);
  BOOST_TEST(stats.rejected == 1u);
  BOOST_TEST(stats.used_bytes * 100 <= stats.capacity_bytes * (stats.capacity_bytes == Backend::kRoom ? 100 : 95));
  BOOST_TEST((cache->store(key_of(200), picture(200)) == StoreOutcome::kTooFull));
  BOOST_TEST(cache->pin(key_of(3), false));
  BOOST_TEST((cache->store(key_of(200), picture(200)) == StoreOutcome::kStored));
  BOOST_TEST(!cache->contains(key_of(3)));
}

// A quota is named only where it stands in the way.
BOOST_AUTO_TEST_CASE_TEMPLATE(is_too_full_for_whom_no_quota_stands_in_the_way, Backend, Backends) {
  Backend backend;
  CachePolicy policy;
  policy.namespaces = {{"bounded", 5 * kSize, 0, 0}, {"guest", 0, 10 * kSize, 0}};
  const auto cache = backend.open(policy);
  BOOST_TEST((fill_with_pinned(*cache, "guest", 0) == StoreOutcome::kTooFull));
  BOOST_TEST(bytes_of(*cache, "guest") > 20 * kSize);
  BOOST_TEST((cache->store(key_of(200), picture(200, "free")) == StoreOutcome::kTooFull));
  BOOST_TEST((cache->store(key_of(201), picture(201, "bounded")) == StoreOutcome::kTooFull));
  zimg::CacheEntry large = picture(202, "bounded");
  large.payload = icache_contract::payload_of(202, 5 * kSize + 1);
  BOOST_TEST((cache->store(key_of(202), large) == StoreOutcome::kOverQuota));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_over_quota_where_room_is_reserved_for_another, Backend, Backends) {
  for (const bool is_taken_up : {false, true}) {
    Backend backend;
    CachePolicy policy;
    policy.namespaces = {{"guest", 0, 10 * kSize, 0}};
    const auto cache = backend.open(policy);
    for (std::uint64_t i = 100; is_taken_up && i < 110; ++i) cache->store(key_of(i), picture(i, "guest"));
    BOOST_TEST((fill_with_pinned(*cache, "greedy", 0) == StoreOutcome::kOverQuota));
    BOOST_TEST(bytes_of(*cache, "guest") == (is_taken_up ? 10 * kSize : 0));
  }
}

BOOST_AUTO_TEST_CASE(tells_nobody_who_opens_a_store_that_is_full_already) {
  Lmdb backend;
  int warnings = 0;
  CachePolicy policy;
  policy.on_warning = [&](const std::string&) { ++warnings; };
  const auto fill = [&](std::uint64_t count) {
    const auto cache = backend.open(policy);
    for (std::uint64_t i = 0; i < count; ++i) cache->store(key_of(i), picture(i));
  };
  fill(60);
  BOOST_TEST(warnings == 1);
  fill(5);
  BOOST_TEST(warnings == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_what_was_saved_and_by_whom, Backend, Backends) {
  Backend backend;
  const auto cache = backend.open({});
  zimg::CacheEntry first = picture(1, "a", 1500);
  first.info.stored_at_ms = 1700000000000;
  cache->store(key_of(1), first);
  cache->store(key_of(2), picture(2, "b", 500));
  for (int i = 0; i < 3; ++i) cache->find(key_of(1));
  cache->find(key_of(2));
  cache->find(key_of(3));
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.hits == 4u);
  BOOST_TEST(stats.saved_ms == 5000.0);
  BOOST_TEST(stats.saved_bytes == 4 * kSize);
  BOOST_TEST(stats.oldest_stored_at_ms == 1700000000000);
  BOOST_REQUIRE(stats.size_curve.size() == 3u);
  BOOST_TEST(stats.size_curve[1].hit_rate == 0.8);  // a lookup that hits, four times of five
  const auto parts = cache->namespace_stats();
  BOOST_REQUIRE(parts.size() == 2u);
  BOOST_TEST(parts[0].hits == 3u);
  BOOST_TEST(parts[0].saved_ms == 4500.0);
  BOOST_TEST(parts[0].stores == 1u);
  BOOST_TEST(parts[1].saved_bytes == kSize);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_rules_that_make_no_sense, Backend, Backends) {
  Backend backend;
  const auto refuses = [&](const zimg::NamespaceRule& rule) {
    CachePolicy policy;
    policy.namespaces = {rule};
    BOOST_CHECK_EXCEPTION(backend.open(policy), zimg::Error, [&](const zimg::Error& error) {
      return error.code() == zimg::ErrorCode::kInvalidArgument &&
             std::string(error.what()).find("'" + rule.name_space + "'") != std::string::npos;
    });
  };
  refuses({"", 0, 0, 0});
  refuses({std::string(65, 'n'), 0, 0, 0});
  refuses({"of no request", 1, 0, 0});
  refuses({"a", 0, 0, -1});
  refuses({"a", 0, 0, std::int64_t{3155760000000} + 1});  // more than 100 years, whose end no clock reaches
  refuses({"a", 0, 0, std::numeric_limits<std::int64_t>::max()});
  refuses({"a", 10, 11, 0});
  refuses({"*", 0, 10, 0});
  refuses({"a", 0, 64 * kMiB, 0});
  CachePolicy twice;
  twice.namespaces = {{"a", 1, 0, 0}, {"a", 2, 0, 0}};
  BOOST_CHECK_THROW(backend.open(twice), zimg::Error);
  CachePolicy jitter;
  jitter.ttl_jitter = 1.5;
  BOOST_CHECK_THROW(backend.open(jitter), zimg::Error);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_too_small_for_what_is_reserved_is_no_wrong_use) {
  Lmdb backend;
  backend.open({});  // makes it
  zimg::LmdbOptions options;
  options.path = backend.folder.path("store");  // whatever its size
  options.policy.namespaces = {{"guest", 0, 10 * kMiB, 0}};
  const auto has_code = [](zimg::ErrorCode code) {
    return [code](const zimg::Error& error) {
      return error.code() == code && std::string(error.what()).find("80 %") != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(zimg::open_lmdb_cache(options), zimg::Error, has_code(zimg::ErrorCode::kCache));
  options.capacity_bytes = 4 * kMiB;
  BOOST_CHECK_EXCEPTION(zimg::open_lmdb_cache(options), zimg::Error, has_code(zimg::ErrorCode::kInvalidArgument));
}

// Ten times the room of a store, from 1 kB to 2.5 MB. ZIMG_MAP_FULL_MIB=64 is the whole of it.
BOOST_AUTO_TEST_CASE(fills_a_store_ten_times_over_without_a_failed_store) {
  const char* wanted = std::getenv("ZIMG_MAP_FULL_MIB");
  const std::uint64_t capacity = (wanted == nullptr ? 16 : std::strtoull(wanted, nullptr, 10)) * kMiB;
  const zimg_test::TemporaryFolder folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = capacity;
  const auto cache = zimg::open_lmdb_cache(options);
  std::mt19937_64 random(1);
  std::uint64_t number = 0;
  double least_share = 1;
  for (std::uint64_t written = 0; written < 10 * capacity; ++number) {
    const double largest = 2.5e6;
    const auto size =
        static_cast<std::size_t>(1000 * std::pow(largest / 1000, static_cast<double>(random() % 10000) / 10000.0));
    zimg::CacheEntry entry = entry_of(number, size);
    entry.info.draw_ms = static_cast<double>(500 + random() % 20000);
    BOOST_REQUIRE((cache->store(key_of(number), entry) == StoreOutcome::kStored));
    BOOST_REQUIRE(cache->find(key_of(number)).has_value());
    written += size;
    if (written < 2 * capacity) continue;
    const double target = static_cast<double>(capacity) * 0.85;
    least_share = std::min(least_share, static_cast<double>(cache->stats().payload_bytes) / target);
  }
  const zimg::CacheStats stats = cache->stats();
  const double share = static_cast<double>(stats.payload_bytes) / (static_cast<double>(capacity) * 0.85);
  BOOST_TEST_MESSAGE(number << " stores, " << stats.entries << " entries kept, live bytes " << share
                            << " of the target at the end, " << least_share << " at the least");
  BOOST_TEST(share >= 0.8);
  BOOST_TEST(stats.used_bytes <= capacity * 85 / 100);
  BOOST_TEST(stats.rejected == 0u);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
