// What the upper cache of a tier may go on serving, whatever happens below meanwhile.
#include "cache/tier/tiered_cache.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::StoreOutcome;

constexpr std::uint64_t kMiB = 1u << 20;

// Runs what a test wants between a commit and the answer that it is done.
class Interrupted final : public zimg::ICache {
 public:
  std::function<void()> after_commit;

  std::optional<zimg::CacheEntry> find(const zimg::CacheKey& key) override { return kept_->find(key); }
  StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    const StoreOutcome outcome = kept_->store(key, entry);
    if (auto interruption = std::exchange(after_commit, {})) interruption();
    return outcome;
  }
  bool erase(const zimg::CacheKey& key) override { return kept_->erase(key); }
  void list(const zimg::EntryVisitor& visit) override { kept_->list(visit); }
  zimg::CacheStats stats() override { return kept_->stats(); }
  std::string description() const override { return "interrupted"; }

 private:
  const std::shared_ptr<zimg::ICache> kept_ = zimg::make_memory_cache(16 * kMiB);
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

bool match_all(const zimg::CacheKey&, const zimg::EntryInfo&, std::uint64_t) {
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiered_cache)

BOOST_FIXTURE_TEST_CASE(keeps_above_what_it_stores, Tier) {
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 1000)) == StoreOutcome::kStored));
  BOOST_TEST(holds(*upper, 1, 1));
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
