// Going through the entries of a store whose tree leads back to where it was.
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/data_file.hpp"
#include "unit/cache/tree_pages.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::ErrorCode;
using zimg_test::DataFile;
using zimg_test::expect_error;
using zimg_test::is_page;
using zimg_test::TemporaryFolder;

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kPictures = 250;

std::shared_ptr<zimg::ICache> open(const std::string& path, const zimg::CachePolicy& policy = {}) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = 8 * kMiB;
  options.policy = policy;
  return zimg::open_lmdb_cache(options);
}

void fill(const std::string& path) {
  std::vector<zimg::KeyedEntry> entries;
  for (std::uint64_t i = 1; i <= kPictures; ++i) entries.push_back({key_of(i), entry_of(i, 1000)});
  entries.back().entry.info.name_space = "other";
  open(path)->store_all(entries);
}

// Has the last child of each branch page over keys of so many octets be its first one too.
int bend_branches(const std::string& path, std::size_t key_bytes) {
  const DataFile data(path);
  const std::string octets = data.read(2 * kMiB);
  int bent = 0;
  for (std::uint64_t page = 2 * kPage; page < octets.size(); page += kPage) {
    if (!is_page(octets, page, kPage, zimg_test::kBranch)) continue;
    const auto nodes = zimg_test::nodes_of(octets, page);
    if (zimg_test::key_bytes(octets, nodes.back()) != key_bytes) continue;
    data.write(nodes.back(), octets.substr(nodes.front(), 2));
    ++bent;
  }
  return bent;
}

struct Store {
  Store() { fill(path); }
  TemporaryFolder folder;
  std::string path = folder.path("store");
};

struct BentStore : Store {
  BentStore() { BOOST_REQUIRE(bend_branches(path, zimg::CacheKey::kSize) > 0); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(listing)

BOOST_FIXTURE_TEST_CASE(ends_where_keys_lead_back, BentStore) {
  const auto cache = open(path);
  std::uint64_t visited = 0;
  const auto count = [&](const auto&, const auto&, std::uint64_t) { return ++visited < 5 * kPictures; };
  expect_error(ErrorCode::kCache, {path, "data.mdb is damaged"}, [&] { cache->list(count); });
  BOOST_TEST(visited < kPictures);
  expect_error(ErrorCode::kCache, {path, "data.mdb is damaged"}, [&] { cache->namespace_stats(); });
}

BOOST_FIXTURE_TEST_CASE(ends_a_purge_where_keys_lead_back, BentStore) {
  const auto cache = open(path);
  std::uint64_t visited = 0;
  const auto match = [&](const auto&, const auto&, std::uint64_t) {
    if (++visited == 5 * kPictures) throw zimg::Error(ErrorCode::kInternal, "it does not end");
    return false;
  };
  expect_error(ErrorCode::kCache, {path, "data.mdb is damaged"}, [&] { cache->erase_if(match); });
}

// Ages lead back to what must not go, from behind one that went.
BOOST_FIXTURE_TEST_CASE(ends_an_eviction_where_ages_lead_back, Store) {
  for (std::uint64_t i = 1; i < kPictures; ++i) {
    if (i % 3 != 0) open(path)->erase(key_of(i));
  }
  BOOST_REQUIRE(bend_branches(path, sizeof(std::uint64_t)) > 0);
  const int status = zimg_test::in_child([&] {
    ::signal(SIGALRM, SIG_DFL);
    zimg::CachePolicy policy;
    policy.weighs_entries = false;
    policy.namespaces = {{"other", 1500, 0, 0}};
    zimg::CacheEntry entry = entry_of(0, 1000);
    entry.info.name_space = "other";
    try {
      open(path, policy)->store(key_of(0), entry);
      return 0;
    } catch (const zimg::Error& error) {
      return static_cast<int>(error.code());
    }
  });
  BOOST_TEST(status == static_cast<int>(ErrorCode::kCache));
}

BOOST_FIXTURE_TEST_CASE(goes_around_in_an_eviction_of_a_sound_store, TemporaryFolder) {
  const auto cache = open(path("full"));
  for (std::uint64_t i = 0; i < 300; ++i) {
    BOOST_TEST((cache->store(key_of(i), entry_of(i, 100000)) == zimg::StoreOutcome::kStored));
  }
  std::set<zimg::CacheKey> listed;
  cache->list([&](const auto& key, const auto&, std::uint64_t) { return listed.insert(key).second; });
  BOOST_TEST(listed.size() == cache->stats().entries);
  BOOST_TEST(listed.size() > 30u);
}

BOOST_AUTO_TEST_SUITE_END()
