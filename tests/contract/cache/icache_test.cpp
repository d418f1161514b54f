#include <boost/mpl/list.hpp>
#include <map>
#include <mutex>

#include "base/sha256.hpp"
#include "capi/cache.hpp"
#include "contract/icache_contract.hpp"
#include "foreign_cache.hpp"
#include "temporary_folder.hpp"

namespace {

struct Memory {
  static std::shared_ptr<zimg::ICache> make() { return zimg::make_memory_cache(64u << 20); }
};

struct Lmdb {
  static std::shared_ptr<zimg::ICache> make() {
    auto folder = std::make_shared<zimg_test::TemporaryFolder>();
    zimg::LmdbOptions options;
    options.path = folder->path("store");
    options.capacity_bytes = 64u << 20;
    auto cache = zimg::open_lmdb_cache(options);
    zimg::ICache* raw = cache.get();
    // The cache goes before its folder.
    return std::shared_ptr<zimg::ICache>(raw, [folder, cache](zimg::ICache*) mutable {
      cache.reset();
      folder.reset();
    });
  }
};

// The upper cache has room for a part of what the suite stores.
struct Tier {
  static std::shared_ptr<zimg::ICache> make() {
    return zimg::make_tiered_cache(zimg::make_memory_cache(100000), Lmdb::make());
  }
};

// What a program might bring: the pure methods over a map and nothing else, so erase_if() and verify() are the
// inherited ones.
class PlainMap final : public zimg::ICache {
 public:
  std::optional<zimg::CacheEntry> find(const zimg::CacheKey& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    const bool is_expired = found != entries_.end() && found->second.info.expires_at_ms != 0 &&
                            found->second.info.expires_at_ms <= icache_contract::now_ms();
    stats_.expired += is_expired ? 1 : 0;
    if (found == entries_.end() || is_expired) {
      ++stats_.misses;
      return std::nullopt;
    }
    ++stats_.hits;
    return found->second;
  }
  zimg::StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    check(entry);
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
    if (entry.payload->size() > kCapacity) return zimg::StoreOutcome::kTooLarge;
    zimg::CacheEntry kept = entry;
    if (kept.info.stored_at_ms == 0) kept.info.stored_at_ms = icache_contract::now_ms();
    if (icache_contract::is_zero(kept.info.payload_sha256)) {
      kept.info.payload_sha256 = zimg::base::sha256(entry.payload->data(), entry.payload->size());
    }
    entries_.emplace(key, kept);
    ++stats_.stores;
    return zimg::StoreOutcome::kStored;
  }
  bool erase(const zimg::CacheKey& key) override {
    const std::lock_guard lock(mutex_);
    return entries_.erase(key) == 1;
  }
  void list(const zimg::EntryVisitor& visit) override {
    std::unique_lock lock(mutex_);
    const auto entries = entries_;
    lock.unlock();
    for (const auto& [key, entry] : entries) {
      if (!visit(key, entry.info, entry.payload->size())) return;
    }
  }
  zimg::CacheStats stats() override {
    const std::lock_guard lock(mutex_);
    zimg::CacheStats stats = stats_;
    stats.entries = entries_.size();
    for (const auto& [key, entry] : entries_) stats.payload_bytes += entry.payload->size();
    stats.used_bytes = stats.payload_bytes;
    stats.capacity_bytes = kCapacity;
    return stats;
  }
  std::string description() const override { return "a map"; }

 private:
  static constexpr std::size_t kCapacity = 64u << 20;

  static void check(const zimg::CacheEntry& entry) {
    const zimg::EntryInfo& info = entry.info;
    const bool is_known = info.format == zimg::ImageFormat::kPng || info.format == zimg::ImageFormat::kJpeg;
    if (entry.payload == nullptr || info.name_space.size() > 64 || info.model.size() > 255 || info.tag.size() > 255 ||
        info.expires_at_ms < 0 || !(info.draw_ms >= 0) || !is_known) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument, "the entry breaks a limit");
    }
  }

  std::mutex mutex_;
  std::map<zimg::CacheKey, zimg::CacheEntry> entries_;
  zimg::CacheStats stats_;
};

struct UsersOwn {
  static std::shared_ptr<zimg::ICache> make() { return std::make_shared<PlainMap>(); }
};

// The same through the C API: a map behind a table of functions.
struct UsersOwnInC {
  static std::shared_ptr<zimg::ICache> make() {
    auto host = std::make_shared<capi_test::HostCache>();
    std::shared_ptr<zimg::ICache> cache = host->wrapped().get()->value;
    return {cache.get(), [host, cache](zimg::ICache*) mutable {
              cache.reset();  // gives up what it holds of the host, which goes after it
              host.reset();
            }};
  }
};

using Factories = boost::mpl::list<Memory, Lmdb, Tier, UsersOwn, UsersOwnInC>;
using OurOwn = boost::mpl::list<Memory, Lmdb, Tier>;
using Closing = boost::mpl::list<Memory, Lmdb, Tier, UsersOwnInC>;

}  // namespace

#define CONTRACT(claim)                                      \
  BOOST_AUTO_TEST_CASE_TEMPLATE(claim, Factory, Factories) { \
    icache_contract::claim<Factory>();                       \
  }

BOOST_AUTO_TEST_SUITE(icache)

CONTRACT(finds_what_was_stored_bit_for_bit)
CONTRACT(peeks_at_what_it_would_find)
CONTRACT(counts_one_miss_for_one_request)
CONTRACT(stores_many_at_once)
CONTRACT(stores_none_of_many_when_one_breaks_a_limit)
CONTRACT(says_of_each_of_many_what_became_of_it)
CONTRACT(misses_what_was_never_stored)
CONTRACT(replaces_under_the_same_key)
CONTRACT(forgets_what_is_erased)
CONTRACT(lists_in_key_order_until_told_to_stop)
CONTRACT(lets_a_visitor_call_back)
CONTRACT(erases_by_a_predicate)
CONTRACT(purges_what_fits_every_field_of_a_filter)
CONTRACT(pins_and_unpins)
CONTRACT(counts_what_each_namespace_has)
CONTRACT(verifies_every_entry_and_erases_what_is_not_what_was_stored)
CONTRACT(never_serves_past_the_expiry)
CONTRACT(counts_hits_misses_and_stores)
CONTRACT(refuses_entries_beyond_the_limits)
CONTRACT(refuses_what_it_would_never_hold)
CONTRACT(agrees_with_a_map_over_random_operations)
CONTRACT(serves_only_whole_entries_to_many_threads)

BOOST_AUTO_TEST_CASE_TEMPLATE(is_closed_for_whoever_comes_after, Factory, Closing) {
  icache_contract::is_closed_for_whoever_comes_after<Factory>();
}

// A cache that overrides nothing has nothing to refuse in what it inherits.
BOOST_AUTO_TEST_CASE_TEMPLATE(is_closed_for_every_call_that_comes_after, Factory, OurOwn) {
  icache_contract::is_closed_for_every_call_that_comes_after<Factory>();
}
BOOST_AUTO_TEST_CASE_TEMPLATE(is_closed_for_every_call_of_a_forked_child, Factory, OurOwn) {
  icache_contract::is_closed_for_every_call_of_a_forked_child<Factory>();
}

// Ours leave it open whether it was one.
BOOST_AUTO_TEST_CASE_TEMPLATE(counts_no_miss_that_nobody_owns_to, Factory, OurOwn) {
  const auto cache = Factory::make();
  for (int i = 0; i < 3; ++i) BOOST_TEST(!cache->try_find(icache_contract::key_of(1)).has_value());
  BOOST_TEST(cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
