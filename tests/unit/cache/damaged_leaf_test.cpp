// A flipped bit beside the header of an entry, in the node that LMDB keeps it in.
#include <signal.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/data_file.hpp"
#include "unit/cache/tree_pages.hpp"
#include "zimg/store_maintenance.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg_test::DataFile;

constexpr std::uint64_t kCapacity = 4u << 20;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kPictures = 40;
constexpr std::uint64_t kVictim = 20;
constexpr std::size_t kSize = 9000;

// Fields of a node by their place in it.
constexpr std::uint64_t kLowSize = 0, kHighSize = 2, kFlags = 4;

struct Flip {
  std::uint64_t field;
  int bit;
};
// The last two say that several values lie there and that they lie elsewhere.
constexpr Flip kFlips[] = {{kLowSize, 0},  {kLowSize, 12},  {kLowSize, 10}, {kLowSize, 3},
                           {kHighSize, 1}, {kHighSize, 15}, {kFlags, 2},    {kFlags, 0}};

zimg::LmdbOptions store_at(const std::string& path) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = kCapacity;
  return options;
}

// In older copies of their page too.
std::vector<std::uint64_t> nodes_of_key(const std::string& octets, const zimg::CacheKey& key) {
  const std::string wanted(key.digest().begin(), key.digest().end());
  std::vector<std::uint64_t> found;
  for (std::uint64_t page = 2 * kPage; page < octets.size(); page += kPage) {
    if (!zimg_test::is_page(octets, page, kPage, zimg_test::kLeaf)) continue;
    for (const std::uint64_t node : zimg_test::nodes_of(octets, page)) {
      if (zimg_test::key_bytes(octets, node) != wanted.size()) continue;
      if (octets.compare(node + 8, wanted.size(), wanted) == 0) found.push_back(node);
    }
  }
  return found;
}

class DamagedStore {
 public:
  explicit DamagedStore(const Flip& flip) {
    {
      const auto cache = zimg::open_lmdb_cache(store_at(path));
      for (std::uint64_t i = 0; i < kPictures; ++i) cache->store(key_of(i), entry_of(i, kSize));
    }
    const DataFile data(path);
    const std::string octets = data.read(kCapacity);
    const auto nodes = nodes_of_key(octets, key_of(kVictim));
    BOOST_REQUIRE(!nodes.empty());
    for (const std::uint64_t node : nodes) {
      const auto field =
          static_cast<std::uint16_t>(zimg_test::number_at<std::uint16_t>(octets, node + flip.field) ^ (1u << flip.bit));
      data.write(node + flip.field, std::string(reinterpret_cast<const char*>(&field), sizeof field));
    }
  }

 private:
  zimg_test::TemporaryFolder folder_;

 public:
  const std::string path = folder_.path("store");
};

// How many neighbours of the victim are not found any more; 90 where something else is served.
int lost(zimg::ICache& cache) {
  int lost = 0;
  for (std::uint64_t i = 0; i < kPictures; ++i) {
    const auto found = cache.find(key_of(i));
    if (found && *found->payload != *entry_of(i, kSize).payload) return 90;
    lost += !found && i != kVictim ? 1 : 0;
  }
  return lost;
}

// Damage may end the process.
template <class Body>
int in_mortal_child(Body&& body) {
  return zimg_test::in_child([&] {
    for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGALRM}) ::signal(number, SIG_DFL);
    return body();
  });
}

template <class Use>
void check_each_flip(Use&& use) {
  for (const Flip& flip : kFlips) {
    BOOST_TEST_CONTEXT("field " << flip.field << " bit " << flip.bit) {
      const DamagedStore store(flip);
      BOOST_TEST(in_mortal_child([&] { return use(store.path); }) == 0);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(damaged_leaf)

BOOST_AUTO_TEST_CASE(costs_no_neighbour_when_it_is_found) {
  check_each_flip([](const std::string& path) {
    const auto cache = zimg::open_lmdb_cache(store_at(path));
    const int before = lost(*cache);
    return before + lost(*cache);
  });
}

BOOST_AUTO_TEST_CASE(costs_no_neighbour_when_it_is_verified) {
  check_each_flip([](const std::string& path) {
    const zimg::VerifyReport report = zimg::verify_lmdb_store(store_at(path));
    if (report.damaged != 0 && report.tree_damages == 0) return 80;  // it stays where it is, and that is said
    return lost(*zimg::open_lmdb_cache(store_at(path)));
  });
}

BOOST_AUTO_TEST_CASE(ends_no_listing) {
  check_each_flip([](const std::string& path) {
    std::uint64_t listed = 0;
    zimg::open_lmdb_cache(store_at(path))->list([&](const auto&, const auto&, std::uint64_t) { return ++listed > 0; });
    return static_cast<int>(kPictures - 1 - std::min(listed, kPictures - 1));
  });
}

BOOST_AUTO_TEST_CASE(refuses_what_would_change_the_page_and_takes_the_rest) {
  check_each_flip([](const std::string& path) {
    const auto cache = zimg::open_lmdb_cache(store_at(path));
    int stored = 0;
    for (std::uint64_t i = kPictures; i < 2 * kPictures; ++i) {
      try {
        stored += cache->store(key_of(i), entry_of(i, kSize)) == zimg::StoreOutcome::kStored ? 1 : 0;
      } catch (const zimg::Error& error) {
        if (error.code() != zimg::ErrorCode::kCache) return 70;
      }
    }
    if (stored == 0) return 71;
    return lost(*cache);
  });
}

BOOST_AUTO_TEST_CASE(is_healed_by_a_rebuild) {
  check_each_flip([](const std::string& path) {
    zimg::rebuild_lmdb_store(store_at(path));
    const auto cache = zimg::open_lmdb_cache(store_at(path));
    cache->store(key_of(kVictim), entry_of(kVictim, kSize));
    return lost(*cache) + (cache->contains(key_of(kVictim)) ? 0 : 60);
  });
}

BOOST_AUTO_TEST_SUITE_END()
