// What every ICache must hold to. A cache joins by a factory with `static std::shared_ptr<zimg::ICache> make()`, whose
// result holds nothing yet and has room for at least 32 MiB.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "forked_child.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace icache_contract {

inline zimg::CacheKey key_of(std::uint64_t number) {
  zimg::CacheKey::Digest digest{};
  for (std::size_t i = 0; i < 8; ++i) digest[i] = static_cast<std::uint8_t>((number * 0x9e3779b97f4a7c15u) >> (8 * i));
  for (std::size_t i = 0; i < 8; ++i) digest[8 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return zimg::CacheKey(digest);
}

inline zimg::SharedBytes payload_of(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 random(seed);
  auto payload = std::make_shared<zimg::Bytes>(size);
  for (auto& octet : *payload) octet = static_cast<std::uint8_t>(random() >> 24);
  return payload;
}

inline zimg::CacheEntry entry_of(std::uint64_t seed, std::size_t size) {
  zimg::CacheEntry entry;
  entry.info.width = 256;
  entry.info.height = 512;
  entry.info.seed = static_cast<std::uint32_t>(seed);
  entry.info.steps = 8;
  entry.info.guidance = 1.5;
  entry.info.draw_ms = 120.25;
  entry.info.name_space = "default";
  entry.info.model = "a model";
  entry.info.tag = "festival";
  entry.payload = payload_of(seed, size);
  return entry;
}

inline bool is_zero(const zimg::CacheKey::Digest& digest) {
  return digest == zimg::CacheKey::Digest{};
}

inline std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

template <class Factory>
void finds_what_was_stored_bit_for_bit() {
  const auto cache = Factory::make();
  // The sizes around the places where a backend may cut a payload.
  const std::size_t sizes[] = {0, 1, 2037, 2038, 4096, 20000, 65519, 65520, 65521, 131040, 131041, 1500000};
  for (const std::size_t size : sizes) {
    const zimg::CacheEntry entry = entry_of(size, size);
    BOOST_REQUIRE(cache->store(key_of(size), entry) == zimg::StoreOutcome::kStored);
  }
  for (const std::size_t size : sizes) {
    const zimg::CacheEntry entry = entry_of(size, size);
    const auto found = cache->find(key_of(size));
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->payload != nullptr);
    BOOST_TEST((*found->payload == *entry.payload), "payload of " << size << " bytes");
    BOOST_TEST((found->info.format == entry.info.format));
    BOOST_TEST(found->info.width == entry.info.width);
    BOOST_TEST(found->info.height == entry.info.height);
    BOOST_TEST(found->info.seed == entry.info.seed);
    BOOST_TEST(found->info.steps == entry.info.steps);
    BOOST_TEST(found->info.guidance == entry.info.guidance);
    BOOST_TEST(found->info.draw_ms == entry.info.draw_ms);
    BOOST_TEST(found->info.name_space == entry.info.name_space);
    BOOST_TEST(found->info.model == entry.info.model);
    BOOST_TEST(found->info.tag == entry.info.tag);
    BOOST_TEST(!found->info.is_pinned);
    BOOST_TEST(!is_zero(found->info.payload_sha256));
    BOOST_TEST(found->info.stored_at_ms > 0);
  }
}

// A cache that overrides nothing may count a peek; ours do not, and their unit tests say so.
template <class Factory>
void peeks_at_what_it_would_find() {
  const auto cache = Factory::make();
  cache->store(key_of(1), entry_of(1, 70000));
  zimg::CacheEntry past = entry_of(2, 10);
  past.info.expires_at_ms = now_ms() - 1;
  cache->store(key_of(2), past);
  BOOST_REQUIRE(cache->peek(key_of(1)).has_value());
  BOOST_TEST((*cache->peek(key_of(1))->payload == *payload_of(1, 70000)));
  BOOST_TEST(!cache->peek(key_of(2)).has_value());
  BOOST_TEST(!cache->peek(key_of(3)).has_value());
}

// A cache that overrides nothing counts the miss at once; either way it is one.
template <class Factory>
void counts_one_miss_for_one_request() {
  const auto cache = Factory::make();
  BOOST_TEST(!cache->try_find(key_of(1)).has_value());
  cache->count_miss(key_of(1));
  BOOST_TEST(cache->stats().misses == 1u);
  cache->store(key_of(1), entry_of(1, 70000));
  BOOST_TEST((*cache->try_find(key_of(1))->payload == *payload_of(1, 70000)));
  BOOST_TEST(cache->stats().hits == 1u);
  BOOST_TEST(cache->stats().misses == 1u);
}

template <class Factory>
void stores_many_at_once() {
  const auto cache = Factory::make();
  BOOST_TEST(cache->store_all({}).empty());
  std::map<std::uint64_t, zimg::CacheEntry> expected;
  std::vector<zimg::KeyedEntry> many;
  const auto add = [&](std::uint64_t number, const zimg::CacheEntry& entry) {
    many.push_back({key_of(number), entry});
    expected.insert_or_assign(number, entry);
  };
  for (std::uint64_t i = 0; i < 200; ++i) add(i, entry_of(i, 40 + i * 300));
  // Two of them once more, long after the first time and right behind it: the last one stays.
  add(7, entry_of(7000, 123));
  for (std::uint64_t i = 1; i <= 3; ++i) add(199, entry_of(7000 + i, 50000 + i));
  const std::vector<zimg::StoreOutcome> outcomes = cache->store_all(many);
  BOOST_REQUIRE(outcomes.size() == many.size());
  for (const auto outcome : outcomes) BOOST_TEST((outcome == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->stats().entries == 200u);
  BOOST_TEST(cache->stats().stores == many.size());
  std::uint64_t payload_bytes = 0;
  for (const auto& [number, entry] : expected) {
    const auto found = cache->find(key_of(number));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((*found->payload == *entry.payload));
    payload_bytes += entry.payload->size();
  }
  BOOST_TEST(cache->stats().payload_bytes == payload_bytes);
}

template <class Factory>
void stores_none_of_many_when_one_breaks_a_limit() {
  const auto cache = Factory::make();
  std::vector<zimg::KeyedEntry> many{{key_of(1), entry_of(1, 10)}, {key_of(2), entry_of(2, 10)}};
  many[1].entry.info.name_space.assign(65, 'n');
  BOOST_CHECK_EXCEPTION(cache->store_all(many), zimg::Error,
                        [](const zimg::Error& error) { return error.code() == zimg::ErrorCode::kInvalidArgument; });
  BOOST_TEST(cache->stats().entries == 0u);
}

template <class Factory>
void says_of_each_of_many_what_became_of_it() {
  const auto cache = Factory::make();
  zimg::CacheEntry huge = entry_of(1, 0);
  huge.payload = std::make_shared<const zimg::Bytes>(cache->stats().capacity_bytes + 1);
  const auto outcomes =
      cache->store_all({{key_of(1), entry_of(1, 10)}, {key_of(2), huge}, {key_of(3), entry_of(3, 9)}});
  BOOST_REQUIRE(outcomes.size() == 3u);
  BOOST_TEST((outcomes[0] == zimg::StoreOutcome::kStored));
  BOOST_TEST((outcomes[1] == zimg::StoreOutcome::kTooLarge));
  BOOST_TEST((outcomes[2] == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->find(key_of(3)).has_value());
}

template <class Factory>
void misses_what_was_never_stored() {
  const auto cache = Factory::make();
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  cache->store(key_of(1), entry_of(1, 100));
  BOOST_TEST(!cache->find(key_of(2)).has_value());
}

template <class Factory>
void replaces_under_the_same_key() {
  const auto cache = Factory::make();
  cache->store(key_of(1), entry_of(1, 200000));
  cache->store(key_of(1), entry_of(2, 70000));
  const auto found = cache->find(key_of(1));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((*found->payload == *entry_of(2, 70000).payload));
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.entries == 1u);
  BOOST_TEST(stats.payload_bytes == 70000u);
}

template <class Factory>
void forgets_what_is_erased() {
  const auto cache = Factory::make();
  BOOST_TEST(!cache->erase(key_of(1)));
  cache->store(key_of(1), entry_of(1, 70000));
  cache->store(key_of(2), entry_of(2, 100));
  BOOST_TEST(cache->erase(key_of(1)));
  BOOST_TEST(!cache->erase(key_of(1)));
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->find(key_of(2)).has_value());
  BOOST_TEST(cache->stats().payload_bytes == 100u);
}

template <class Factory>
void lists_in_key_order_until_told_to_stop() {
  const auto cache = Factory::make();
  std::map<zimg::CacheKey, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 600; ++i) {  // more than any backend reads at once
    cache->store(key_of(i), entry_of(i, i));
    expected.emplace(key_of(i), i);
  }
  std::vector<std::pair<zimg::CacheKey, std::uint64_t>> listed;
  cache->list([&](const zimg::CacheKey& key, const zimg::EntryInfo& info, std::uint64_t payload_bytes) {
    BOOST_TEST(info.seed == payload_bytes);
    listed.emplace_back(key, payload_bytes);
    return true;
  });
  BOOST_TEST((listed == std::vector<std::pair<zimg::CacheKey, std::uint64_t>>(expected.begin(), expected.end())));
  int visits = 0;
  cache->list([&](const auto&, const auto&, std::uint64_t) { return ++visits < 3; });
  BOOST_TEST(visits == 3);
}

template <class Factory>
void lets_a_visitor_call_back() {
  const auto cache = Factory::make();
  for (std::uint64_t i = 0; i < 10; ++i) cache->store(key_of(i), entry_of(i, 1000));
  int sound = 0;
  cache->list([&](const zimg::CacheKey& key, const auto&, std::uint64_t) {
    sound += cache->find(key).has_value() ? 1 : 0;
    cache->erase(key);
    return true;
  });
  BOOST_TEST(sound == 10);
  BOOST_TEST(cache->stats().entries == 0u);
}

template <class Factory>
void erases_by_a_predicate() {
  const auto cache = Factory::make();
  for (std::uint64_t i = 0; i < 400; ++i) cache->store(key_of(i), entry_of(i, 10));
  const auto is_odd = [](const zimg::CacheKey&, const zimg::EntryInfo& info, std::uint64_t) {
    return info.seed % 2 == 1;
  };
  BOOST_TEST(cache->erase_if(is_odd) == 200u);
  BOOST_TEST(cache->erase_if(is_odd) == 0u);
  BOOST_TEST(cache->stats().entries == 200u);
  BOOST_TEST(cache->find(key_of(2)).has_value());
  BOOST_TEST(!cache->find(key_of(3)).has_value());
}

template <class Factory>
void purges_what_fits_every_field_of_a_filter() {
  const auto cache = Factory::make();
  for (std::uint64_t i = 0; i < 48; ++i) {
    zimg::CacheEntry entry = entry_of(i, 100);
    entry.info.name_space = i % 2 == 0 ? "even" : "odd";
    entry.info.model = i % 3 == 0 ? "third" : "other";
    entry.info.tag = i < 10 ? "early" : "";
    entry.info.stored_at_ms = now_ms() - static_cast<std::int64_t>(i) * 1000;
    entry.info.is_pinned = i == 1;
    cache->store(key_of(i), entry);
  }
  const auto purged = [&](auto&& fill) {
    zimg::PurgeFilter filter;
    fill(filter);
    return zimg::purge(*cache, filter);
  };
  BOOST_TEST(purged([](auto& filter) { filter.name_space = "neither"; }) == 0u);
  BOOST_TEST(purged([](auto& filter) { filter.key_prefix = key_of(47).hex().substr(0, 20); }) == 1u);
  BOOST_TEST(!cache->find(key_of(47)).has_value());
  BOOST_TEST(purged([](auto& filter) {
               filter.name_space = "odd";
               filter.tag = "early";
               filter.spares_pinned = true;
             }) == 4u);  // 3, 5, 7 and 9
  BOOST_TEST(cache->find(key_of(1)).has_value());
  BOOST_TEST(purged([](auto& filter) { filter.model = "third"; }) == 14u);  // 0, 3, … 45, less 3 and 9
  BOOST_TEST(purged([](auto& filter) { filter.stored_before_ms = now_ms() - 30500; }) == 11u);  // 31 to 46 less thirds
  BOOST_CHECK_THROW(purged([](auto& filter) { filter.key_prefix = "x"; }), zimg::Error);
  BOOST_CHECK_THROW(purged([](auto& filter) { filter.key_prefix.assign(65, '0'); }), zimg::Error);
  const std::uint64_t left = cache->stats().entries;
  BOOST_TEST(left > 0u);
  BOOST_TEST(purged([](auto&) {}) == left);
}

template <class Factory>
void pins_and_unpins() {
  const auto cache = Factory::make();
  BOOST_TEST(!cache->pin(key_of(1), true));
  cache->store(key_of(1), entry_of(1, 200000));
  cache->store(key_of(2), entry_of(2, 100));
  const zimg::EntryInfo before = cache->find(key_of(1))->info;
  BOOST_TEST(cache->pin(key_of(1), true));
  BOOST_TEST(cache->pin(key_of(1), true));
  const auto pinned = cache->find(key_of(1));
  BOOST_REQUIRE(pinned.has_value());
  BOOST_TEST(pinned->info.is_pinned);
  BOOST_TEST(pinned->info.stored_at_ms == before.stored_at_ms);
  BOOST_TEST((*pinned->payload == *entry_of(1, 200000).payload));
  BOOST_TEST(!cache->find(key_of(2))->info.is_pinned);
  BOOST_TEST(cache->pin(key_of(2), true));
  BOOST_TEST(cache->find(key_of(2))->info.is_pinned);
  for (std::uint64_t number = 1; number <= 2; ++number) {
    BOOST_TEST(cache->pin(key_of(number), false));
    BOOST_TEST(!cache->find(key_of(number))->info.is_pinned);
  }
  BOOST_TEST(cache->stats().entries == 2u);
  BOOST_TEST(cache->stats().payload_bytes == 200100u);
}

template <class Factory>
void counts_what_each_namespace_has() {
  const auto cache = Factory::make();
  BOOST_TEST(cache->namespace_stats().empty());
  for (std::uint64_t i = 0; i < 10; ++i) {
    zimg::CacheEntry entry = entry_of(i, 100 * i);
    entry.info.name_space = i < 3 ? "b" : "a";
    entry.info.stored_at_ms = 1000000000000 + static_cast<std::int64_t>(10 - i);
    entry.info.is_pinned = i == 2;
    cache->store(key_of(i), entry);
  }
  const auto parts = cache->namespace_stats();
  BOOST_REQUIRE(parts.size() == 2u);
  BOOST_TEST(parts[0].name_space == "a");
  BOOST_TEST(parts[0].entries == 7u);
  BOOST_TEST(parts[0].payload_bytes == 4200u);
  BOOST_TEST(parts[0].pinned == 0u);
  BOOST_TEST(parts[0].oldest_stored_at_ms == 1000000000001);
  BOOST_TEST(parts[1].name_space == "b");
  BOOST_TEST(parts[1].entries == 3u);
  BOOST_TEST(parts[1].payload_bytes == 300u);
  BOOST_TEST(parts[1].pinned == 1u);
}

template <class Factory>
void verifies_every_entry_and_erases_what_is_not_what_was_stored() {
  const auto cache = Factory::make();
  for (std::uint64_t i = 0; i < 20; ++i) cache->store(key_of(i), entry_of(i, 1000));
  zimg::CacheEntry lying = entry_of(99, 1000);
  lying.info.payload_sha256.fill(7);  // the digest of something else
  cache->store(key_of(99), lying);
  int calls = 0;
  const zimg::VerifyReport report = cache->verify([&](const zimg::VerifyReport&) { return ++calls > 0; });
  BOOST_TEST(report.entries == 21u);
  BOOST_TEST(report.payload_bytes == 20000u);
  BOOST_TEST(report.damaged == 1u);
  BOOST_TEST(report.unreadable == 0u);
  BOOST_TEST(calls == 21);
  BOOST_TEST(!cache->find(key_of(99)).has_value());
  BOOST_TEST(cache->verify({}).entries == 20u);
  BOOST_TEST(cache->verify([](const zimg::VerifyReport&) { return false; }).entries == 1u);
}

template <class Factory>
void never_serves_past_the_expiry() {
  const auto cache = Factory::make();
  zimg::CacheEntry past = entry_of(1, 100);
  past.info.expires_at_ms = now_ms() - 1;
  zimg::CacheEntry future = entry_of(2, 100);
  future.info.expires_at_ms = now_ms() + 3600000;
  cache->store(key_of(1), past);
  cache->store(key_of(2), future);
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  BOOST_REQUIRE(cache->find(key_of(2)).has_value());
  BOOST_TEST(cache->find(key_of(2))->info.expires_at_ms == future.info.expires_at_ms);
  BOOST_TEST(cache->stats().expired == 1u);
}

template <class Factory>
void counts_hits_misses_and_stores() {
  const auto cache = Factory::make();
  cache->store(key_of(1), entry_of(1, 100));
  cache->store(key_of(2), entry_of(2, 200));
  cache->find(key_of(1));
  cache->find(key_of(2));
  cache->find(key_of(2));
  cache->find(key_of(3));
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.entries == 2u);
  BOOST_TEST(stats.payload_bytes == 300u);
  BOOST_TEST(stats.hits == 3u);
  BOOST_TEST(stats.misses == 1u);
  BOOST_TEST(stats.stores == 2u);
  BOOST_TEST(stats.corrupt == 0u);
  BOOST_TEST(stats.hit_rate() == 0.75);
  BOOST_TEST(stats.capacity_bytes >= stats.used_bytes);
  BOOST_TEST(!cache->description().empty());
}

template <class Factory>
void refuses_entries_beyond_the_limits() {
  const auto cache = Factory::make();
  const auto is_refused = [&](const zimg::CacheEntry& entry) {
    try {
      cache->store(key_of(1), entry);
    } catch (const zimg::Error& error) {
      return error.code() == zimg::ErrorCode::kInvalidArgument;
    }
    return false;
  };
  zimg::CacheEntry entry = entry_of(1, 10);
  entry.payload = nullptr;
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.name_space.assign(65, 'n');
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.model.assign(256, 'm');
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.tag.assign(256, 't');
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.expires_at_ms = -1;
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.draw_ms = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(is_refused(entry));
  entry = entry_of(1, 10);
  entry.info.format = static_cast<zimg::ImageFormat>(9);
  BOOST_TEST(is_refused(entry));
  BOOST_TEST(cache->stats().entries == 0u);
  entry = entry_of(1, 10);
  entry.info.name_space.assign(64, 'n');
  entry.info.model.assign(255, 'm');
  BOOST_TEST((cache->store(key_of(1), entry) == zimg::StoreOutcome::kStored));
  BOOST_REQUIRE(cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->find(key_of(1))->info.model == entry.info.model);
}

template <class Factory>
void refuses_what_it_would_never_hold() {
  const auto cache = Factory::make();
  cache->store(key_of(1), entry_of(1, 100));
  zimg::CacheEntry huge = entry_of(1, 0);
  huge.payload = std::make_shared<const zimg::Bytes>(cache->stats().capacity_bytes + 1);
  BOOST_TEST((cache->store(key_of(1), huge) == zimg::StoreOutcome::kTooLarge));
  BOOST_TEST(!cache->find(key_of(1)).has_value());  // not the bytes of the last store() under that key
}

// Random operations against a plain map; without eviction the two agree after each.
template <class Factory>
void agrees_with_a_map_over_random_operations() {
  const auto cache = Factory::make();
  std::map<zimg::CacheKey, std::uint64_t> model;
  std::mt19937 random(20240607);
  for (int i = 0; i < 3000; ++i) {
    const zimg::CacheKey key = key_of(random() % 40);
    switch (random() % 4) {
      case 0: {
        const std::uint64_t seed = random() % 100000;
        cache->store(key, entry_of(seed, seed));
        model.insert_or_assign(key, seed);
        break;
      }
      case 1:
        BOOST_TEST(cache->erase(key) == (model.erase(key) == 1));
        break;
      default: {
        const auto found = cache->find(key);
        const auto expected = model.find(key);
        BOOST_REQUIRE(found.has_value() == (expected != model.end()));
        if (found) BOOST_REQUIRE(*found->payload == *payload_of(expected->second, expected->second));
      }
    }
  }
  BOOST_TEST(cache->stats().entries == model.size());
}

// What a cache that was closed answers: that it is.
template <class Factory>
void is_closed_for_whoever_comes_after() {
  const auto cache = Factory::make();
  const auto key = key_of(1);
  BOOST_REQUIRE(cache->store(key, entry_of(1, 100)) == zimg::StoreOutcome::kStored);
  cache->close();
  const auto is_closed = [](const zimg::Error& error) { return error.code() == zimg::ErrorCode::kClosed; };
  BOOST_CHECK_EXCEPTION(cache->find(key), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->peek(key), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->contains(key), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->store(key, entry_of(1, 100)), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->erase(key), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->pin(key, true), zimg::Error, is_closed);
  BOOST_CHECK_EXCEPTION(cache->stats(), zimg::Error, is_closed);
  const auto goes_on = [](const zimg::CacheKey&, const zimg::EntryInfo&, std::uint64_t) { return true; };
  BOOST_CHECK_EXCEPTION(cache->list(goes_on), zimg::Error, is_closed);
  BOOST_CHECK_NO_THROW(cache->close());
  BOOST_TEST(!cache->description().empty());
}

// Every call on a cache that was closed or is another process's.
inline std::vector<std::function<void()>> refused_calls(zimg::ICache& cache) {
  const auto key = key_of(1);
  const auto goes_on = [](const zimg::CacheKey&, const zimg::EntryInfo&, std::uint64_t) { return true; };
  return {
      [=, &cache] { cache.find(key); },
      [=, &cache] { cache.try_find(key); },
      [=, &cache] { cache.count_miss(key); },
      [=, &cache] { cache.peek(key); },
      [=, &cache] { cache.store(key, entry_of(1, 100)); },
      [=, &cache] {
        cache.store_all({{key, entry_of(1, 100)}});
      },
      [=, &cache] { cache.contains(key); },
      [=, &cache] { cache.claim_drawing(key); },
      [=, &cache] { cache.erase(key); },
      [=, &cache] { cache.touch(key); },
      [=, &cache] { cache.list(goes_on); },
      [=, &cache] { cache.erase_if(goes_on); },
      [=, &cache] { cache.pin(key, true); },
      [&cache] { cache.namespace_stats(); },
      [&cache] { cache.verify({}); },
      [&cache] { cache.stats(); },
  };
}

// The place from 1 on of the first call that does anything but throw kClosed; 0 where there is none.
inline int first_that_is_not_closed(zimg::ICache& cache) {
  int place = 0;
  for (const auto& call : refused_calls(cache)) {
    ++place;
    try {
      call();
      return place;
    } catch (const zimg::Error& error) {
      if (error.code() != zimg::ErrorCode::kClosed) return place;
    }
  }
  return 0;
}

template <class Factory>
void is_closed_for_every_call_that_comes_after() {
  const auto cache = Factory::make();
  BOOST_REQUIRE(cache->store(key_of(1), entry_of(1, 100)) == zimg::StoreOutcome::kStored);
  cache->close();
  BOOST_TEST(first_that_is_not_closed(*cache) == 0);
}

template <class Factory>
void is_closed_for_every_call_of_a_forked_child() {
  const auto cache = Factory::make();
  BOOST_REQUIRE(cache->store(key_of(1), entry_of(1, 100)) == zimg::StoreOutcome::kStored);
  BOOST_TEST(zimg_test::in_child([&] { return first_that_is_not_closed(*cache); }) == 0);
  BOOST_TEST(cache->find(key_of(1)).has_value());
}

// Threads that store, find and erase the same keys: whatever is found is one of the payloads stored under that key.
template <class Factory>
void serves_only_whole_entries_to_many_threads() {
  const auto cache = Factory::make();
  std::atomic<int> wrong{0};
  std::atomic<int> hits{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 250; ++i) {
        const std::uint64_t number = random() % 8;
        const std::size_t size = 30000 + 20000 * number;
        switch (random() % 5) {
          case 0:
            cache->store(key_of(number), entry_of(number, size));
            break;
          case 1:
            cache->erase(key_of(number));
            break;
          default:
            if (const auto found = cache->find(key_of(number))) {
              ++hits;
              if (*found->payload != *payload_of(number, size)) ++wrong;
            }
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(hits > 0);
}

}  // namespace icache_contract
