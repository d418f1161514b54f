// The two pages that LMDB believes without looking, damaged a bit at a time.
#include <signal.h>

#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/data_file.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg_test::DataFile;
using zimg_test::expect_error;
using zimg_test::TemporaryFolder;

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kUsedOctets = 152;  // of a meta page
constexpr std::uint64_t kPictures = 20;
constexpr std::size_t kSize = 3000;  // bytes

std::shared_ptr<zimg::ICache> open(const std::string& path) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = 4u << 20;
  return zimg::open_lmdb_cache(options);
}

void fill(const std::string& path) {
  const auto cache = open(path);
  for (std::uint64_t i = 0; i < kPictures; ++i) cache->store(key_of(i), entry_of(i, kSize));
  for (std::uint64_t i = 0; i < kPictures; i += 3) cache->erase(key_of(i));
}

// Exit codes of a child. None is one that a sanitizer ends with.
enum Result { kServes = 0, kRefuses = 42, kLies = 43 };

// Opens the store, and reads and writes what a request would.
Result use(const std::string& path) {
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) ::signal(number, SIG_DFL);
  try {
    const auto cache = open(path);
    bool is_sound = true;
    for (std::uint64_t i = 0; i < kPictures; ++i) {
      const auto found = cache->find(key_of(i));
      is_sound = is_sound && (!found || *found->payload == *entry_of(i, kSize).payload);
    }
    cache->store(key_of(kPictures), entry_of(kPictures, kSize));
    cache->stats();
    return is_sound ? kServes : kLies;
  } catch (const zimg::Error& error) {
    return error.code() == zimg::ErrorCode::kCache ? kRefuses : kLies;
  }
}

std::string with_flipped(std::string octets, std::uint64_t bit) {
  octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ (1 << (bit % 8)));
  return octets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(meta_pages)

BOOST_AUTO_TEST_CASE(no_flipped_bit_ends_a_process) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path);
  const DataFile data(path);
  const std::string sound = data.read(1u << 20);  // all that is used
  int refusals = 0;
  for (const std::uint64_t page : {0, 1}) {
    for (std::uint64_t bit = page * kPage * 8; bit < (page * kPage + kUsedOctets) * 8; ++bit) {
      data.write(0, with_flipped(sound.substr(0, 2 * kPage), bit));
      const int result = zimg_test::in_child([&] { return use(path); });
      BOOST_TEST((result == kServes || result == kRefuses),
                 "octet " << bit / 8 % kPage << " bit " << bit % 8 << " of page " << page << ": " << result);
      refusals += result == kRefuses ? 1 : 0;
      data.write(0, sound);
    }
  }
  BOOST_TEST_MESSAGE(refusals << " refused");
  BOOST_TEST(refusals > 100);
  BOOST_TEST(zimg_test::in_child([&] { return use(path); }) == kServes);
}

BOOST_AUTO_TEST_CASE(damage_is_named) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path);
  const DataFile data(path);
  const std::string sound = data.read(2 * kPage);
  constexpr std::uint64_t kPageSizeBit = 41 * 8 + 4;
  data.write(0, with_flipped(sound, kPageSizeBit));
  expect_error(zimg::ErrorCode::kCache, {path, "data.mdb is damaged"}, [&] { open(path); });
  data.write(0, sound);
  BOOST_TEST(open(path)->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
