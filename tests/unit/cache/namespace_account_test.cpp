// What a namespace is said to take, where the entry that it took is damaged.
#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/data_file.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::StoreOutcome;
using zimg_test::DataFile;
using zimg_test::TemporaryFolder;

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::size_t kSize = 100000;  // bytes; the limit holds one such picture

std::shared_ptr<zimg::ICache> open(const std::string& path, bool weighs_entries) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = 8 * kMiB;
  options.policy.namespaces = {{"default", kSize * 3 / 2, 0, 0}};
  options.policy.weighs_entries = weighs_entries;
  return zimg::open_lmdb_cache(options);
}

// Changes the names that stand in headers: of a model, which no schema's prefix holds.
void damage_headers(const std::string& path) {
  const DataFile data(path);
  const std::string octets = data.read(2 * kMiB);
  int found = 0;
  for (std::size_t at = octets.find("a model"); at != std::string::npos; at = octets.find("a model", at + 1)) {
    data.write(at, "c");  // one bit of an "a"
    ++found;
  }
  BOOST_REQUIRE(found > 0);
}

void store_behind_a_damaged_one(bool weighs_entries, bool looks_first) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, weighs_entries)->store(key_of(1), entry_of(1, kSize));
  damage_headers(path);
  const auto cache = open(path, weighs_entries);
  if (looks_first) BOOST_TEST(!cache->find(key_of(1)).has_value());  // and so erases it
  for (std::uint64_t i = 2; i < 5; ++i) {
    BOOST_TEST((cache->store(key_of(i), entry_of(i, kSize)) == StoreOutcome::kStored));
    BOOST_TEST(cache->find(key_of(i)).has_value());
    BOOST_TEST(cache->stats().entries == 1u);  // the limit holds
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(namespace_account)

BOOST_AUTO_TEST_CASE(forgets_what_a_reader_found_damaged) {
  store_behind_a_damaged_one(true, true);
  store_behind_a_damaged_one(false, true);
}

BOOST_AUTO_TEST_CASE(forgets_what_an_eviction_found_damaged) {
  store_behind_a_damaged_one(true, false);
  store_behind_a_damaged_one(false, false);
}

BOOST_AUTO_TEST_CASE(forgets_what_a_store_replaced_that_was_damaged) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, true)->store(key_of(1), entry_of(1, kSize));
  damage_headers(path);
  const auto cache = open(path, true);
  for (std::uint64_t i = 0; i < 3; ++i) {
    BOOST_TEST((cache->store(key_of(1), entry_of(1, kSize)) == StoreOutcome::kStored));
  }
  BOOST_TEST(cache->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
