// What the upper cache of a tier may go on serving, whatever happens below meanwhile.
#include "cache/tier/tiered_cache.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <future>
#include <thread>

#include "contract/icache_contract.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::StoreOutcome;

constexpr std::uint64_t kMiB = 1u << 20;

// A cache of a program's own, over one in memory.
class Forwarding : public zimg::ICache {
 public:
  std::optional<zimg::CacheEntry> find(const zimg::CacheKey& key) override { return kept_->find(key); }
  StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    return kept_->store(key, entry);
  }
  bool erase(const zimg::CacheKey& key) override { return kept_->erase(key); }
  void list(const zimg::EntryVisitor& visit) override { kept_->list(visit); }
  zimg::CacheStats stats() override { return kept_->stats(); }
  std::string description() const override { return "forwarding"; }

 private:
  const std::shared_ptr<zimg::ICache> kept_ = zimg::make_memory_cache(16 * kMiB);
};

// Runs what a test wants between a commit and the answer that it is done.
class Interrupted final : public Forwarding {
 public:
  std::function<void()> after_commit;

  StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    const StoreOutcome outcome = Forwarding::store(key, entry);
    if (auto interruption = std::exchange(after_commit, {})) interruption();
    return outcome;
  }
};

// Runs what a test wants while it is verified.
class Verified final : public Forwarding {
 public:
  std::function<void()> while_verified;

  zimg::VerifyReport verify(const std::function<bool(const zimg::VerifyReport&)>&) override {
    while_verified();
    return {};
  }
};

struct Tier {
  const std::shared_ptr<zimg::ICache> upper = zimg::make_memory_cache(16 * kMiB);
  const std::shared_ptr<Interrupted> lower = std::make_shared<Interrupted>();
  const std::shared_ptr<zimg::ICache> cache = zimg::make_tiered_cache(upper, lower);
};

bool holds(zimg::ICache& cache, std::uint64_t key, std::uint64_t seed) {
  const auto found = cache.find(key_of(key));
  return found && *found->payload == *entry_of(seed, 1000).payload;
}

struct BelowInMemory {
  std::shared_ptr<zimg::ICache> open(const zimg::CachePolicy& policy) {
    return zimg::make_memory_cache(16 * kMiB, policy);
  }
};

struct BelowOnDisk {
  zimg_test::TemporaryFolder folder;
  std::shared_ptr<zimg::ICache> open(const zimg::CachePolicy& policy) {
    zimg::LmdbOptions options;
    options.path = folder.path("store");
    options.capacity_bytes = 16 * kMiB;
    options.policy = policy;
    return zimg::open_lmdb_cache(options);
  }
};

using Lowers = boost::mpl::list<BelowInMemory, BelowOnDisk>;

bool match_all(const zimg::CacheKey&, const zimg::EntryInfo&, std::uint64_t) {
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiered_cache)

BOOST_FIXTURE_TEST_CASE(keeps_above_what_it_stores, Tier) {
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 1000)) == StoreOutcome::kStored));
  BOOST_TEST(holds(*upper, 1, 1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(serves_nothing_beyond_the_life_that_the_lower_cache_gave_it, Lower, Lowers) {
  std::int64_t now = 1000000;
  zimg::CachePolicy above;
  above.now_ms = [&now] { return now; };
  zimg::CachePolicy below = above;
  below.namespaces = {{"*", 0, 0, 5000}};
  Lower lower;
  const auto upper = zimg::make_memory_cache(16 * kMiB, above);
  const auto cache = zimg::make_tiered_cache(upper, lower.open(below));
  cache->store(key_of(1), entry_of(1, 1000));
  BOOST_REQUIRE(upper->peek(key_of(1)).has_value());
  BOOST_TEST(upper->peek(key_of(1))->info.expires_at_ms == 1005000);
  now += 4999;
  BOOST_TEST(holds(*cache, 1, 1));
  now += 1;
  BOOST_TEST(!cache->contains(key_of(1)));
  BOOST_TEST(!cache->find(key_of(1)).has_value());
}

BOOST_FIXTURE_TEST_CASE(contains_what_it_finds, Tier) {
  cache->store(key_of(1), entry_of(1, 1000));
  lower->erase(key_of(1));  // as an eviction does
  BOOST_TEST(cache->contains(key_of(1)));
  BOOST_TEST(cache->find(key_of(1)).has_value());
  upper->erase(key_of(1));
  BOOST_TEST(!cache->contains(key_of(1)));
  BOOST_TEST(!cache->find(key_of(1)).has_value());
}

BOOST_FIXTURE_TEST_CASE(serves_nothing_that_was_erased_while_it_was_stored, Tier) {
  lower->after_commit = [&] { BOOST_TEST(cache->erase(key_of(1))); };
  cache->store(key_of(1), entry_of(1, 1000));
  BOOST_TEST(!cache->find(key_of(1)).has_value());
  BOOST_TEST(!upper->find(key_of(1)).has_value());
}

BOOST_FIXTURE_TEST_CASE(serves_nothing_that_was_purged_while_it_was_stored, Tier) {
  lower->after_commit = [&] { BOOST_TEST(cache->erase_if(match_all) == 1u); };
  cache->store(key_of(1), entry_of(1, 1000));
  BOOST_TEST(!cache->find(key_of(1)).has_value());
}

BOOST_FIXTURE_TEST_CASE(serves_of_two_that_are_stored_at_once_the_one_that_lasts, Tier) {
  lower->after_commit = [&] { cache->store(key_of(1), entry_of(2, 1000)); };
  cache->store(key_of(1), entry_of(1, 1000));
  BOOST_TEST(holds(*lower, 1, 2));
  BOOST_TEST(holds(*cache, 1, 2));
}

BOOST_FIXTURE_TEST_CASE(says_of_a_copy_whether_its_entry_is_pinned, Tier) {
  zimg::CacheEntry pinned = entry_of(1, 1000);
  pinned.info.is_pinned = true;
  cache->store(key_of(1), pinned);
  cache->store(key_of(2), entry_of(2, 1000));
  BOOST_REQUIRE(holds(*upper, 1, 1));
  BOOST_TEST(cache->find(key_of(1))->info.is_pinned);
  BOOST_TEST(!cache->find(key_of(2))->info.is_pinned);
  BOOST_TEST(cache->pin(key_of(1), false));
  BOOST_TEST(cache->pin(key_of(2), true));
  BOOST_REQUIRE(holds(*upper, 2, 2));
  BOOST_TEST(!cache->find(key_of(1))->info.is_pinned);
  BOOST_TEST(cache->find(key_of(2))->info.is_pinned);
  upper->erase(key_of(2));  // as an eviction does
  BOOST_TEST(cache->find(key_of(2))->info.is_pinned);
  BOOST_REQUIRE(holds(*upper, 2, 2));
  BOOST_TEST(cache->find(key_of(2))->info.is_pinned);
}

// Nothing above is kept for ever: what is asked for now has room.
BOOST_AUTO_TEST_CASE(lets_copies_of_pinned_entries_go_for_others) {
  constexpr std::uint64_t kPinned = 10;
  const auto upper = zimg::make_memory_cache(10000);
  const auto lower = zimg::make_memory_cache(16 * kMiB);
  const auto cache = zimg::make_tiered_cache(upper, lower);
  for (std::uint64_t i = 0; i < kPinned; ++i) {
    zimg::CacheEntry pinned = entry_of(i, 1000);
    pinned.info.is_pinned = true;
    BOOST_REQUIRE((cache->store(key_of(i), pinned) == StoreOutcome::kStored));
  }
  for (std::uint64_t i = kPinned; i < 3 * kPinned; ++i) cache->store(key_of(i), entry_of(i, 1000));
  BOOST_TEST(holds(*upper, 3 * kPinned - 1, 3 * kPinned - 1));
  BOOST_TEST(upper->stats().rejected == 0u);
  for (std::uint64_t i = 0; i < kPinned; ++i) BOOST_TEST(lower->peek(key_of(i))->info.is_pinned);
}

BOOST_FIXTURE_TEST_CASE(serves_nothing_that_was_purged_because_it_is_pinned, Tier) {
  for (const bool is_pinned : {true, false}) {
    cache->store(key_of(1), entry_of(1, 1000));
    cache->pin(key_of(1), is_pinned);
    const auto match = [&](const auto&, const zimg::EntryInfo& info, auto) { return info.is_pinned == is_pinned; };
    BOOST_TEST(cache->erase_if(match) == 1u);
    BOOST_TEST(!cache->find(key_of(1)).has_value());
  }
}

// The upper cache looks for what only the lower one has while it is verified: a lock around that would have it wait.
BOOST_FIXTURE_TEST_CASE(finds_what_is_below_while_what_is_above_is_verified, Tier) {
  const auto verified = std::make_shared<Verified>();
  const auto slow_above = zimg::make_tiered_cache(verified, lower);
  lower->store(key_of(1), entry_of(1, 1000));
  std::future<bool> finding;
  bool is_found_meanwhile = false;
  verified->while_verified = [&] {
    finding = std::async(std::launch::async, [&] { return holds(*slow_above, 1, 1); });
    is_found_meanwhile = finding.wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  };
  slow_above->verify({});
  BOOST_TEST(is_found_meanwhile);
  BOOST_TEST(finding.get());
}

// Neither cache knows of forks, and a thread of the parent's is inside the upper one, with the lock of the tier.
BOOST_FIXTURE_TEST_CASE(is_closed_in_a_child_that_is_forked_while_the_upper_cache_is_changed, Tier) {
  std::promise<void> is_inside;
  std::promise<void> may_go_on;
  const auto slow = std::make_shared<Interrupted>();
  slow->after_commit = [&] {
    is_inside.set_value();
    may_go_on.get_future().wait();
  };
  const auto slow_above = zimg::make_tiered_cache(slow, lower);
  std::thread storing([&] { slow_above->store(key_of(1), entry_of(1, 1000)); });
  is_inside.get_future().wait();
  const int place = zimg_test::in_child([&] { return icache_contract::first_that_is_not_closed(*slow_above); });
  may_go_on.set_value();
  storing.join();
  BOOST_TEST(place == 0);
}

// A store commits a purge in lots: what an earlier lot erased is gone when a later one fails.
BOOST_AUTO_TEST_CASE(serves_nothing_that_a_purge_erased_before_it_failed) {
  const zimg_test::TemporaryFolder folder;
  constexpr std::uint64_t kPictures = 400;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = 16 * kMiB;
  const auto lower = zimg::open_lmdb_cache(options);
  const auto cache = zimg::make_tiered_cache(zimg::make_memory_cache(16 * kMiB), lower);
  std::vector<zimg::KeyedEntry> entries;
  for (std::uint64_t i = 0; i < kPictures; ++i) entries.push_back({key_of(i), entry_of(i, 1000)});
  cache->store_all(entries);
  for (const auto& keyed : entries) BOOST_REQUIRE(cache->find(keyed.key).has_value());  // and now it is above too
  std::uint64_t asked = 0;
  const auto match = [&](const auto&, const auto&, std::uint64_t) {
    if (++asked == kPictures) throw std::runtime_error("no more");
    return true;
  };
  BOOST_CHECK_THROW(cache->erase_if(match), std::runtime_error);
  BOOST_TEST(lower->stats().entries < kPictures);
  std::uint64_t served = 0;
  for (const auto& keyed : entries) served += cache->find(keyed.key).has_value() ? 1 : 0;
  BOOST_TEST(served == lower->stats().entries);
}

BOOST_AUTO_TEST_SUITE_END()
