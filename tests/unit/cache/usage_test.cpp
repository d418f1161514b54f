#include "cache/policy/usage.hpp"

#include <sys/file.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "cache/lmdb/file_lock.hpp"
#include "cache/policy/usage_recorder.hpp"
#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg::cache;
using icache_contract::key_of;

constexpr std::uint64_t kRoom = 1000000;

zimg::EntryInfo info_of(const std::string& name_space) {
  zimg::EntryInfo info;
  info.name_space = name_space;
  info.draw_ms = 1500;
  return info;
}

zimg::CacheStats stats_of(UsageRecorder& recorder) {
  zimg::CacheStats stats;
  recorder.copy_to(stats);
  return stats;
}

// Asks for `keys` keys of 1000 bytes in turn.
void go_round(GhostList& ghosts, std::uint64_t keys, int rounds, std::uint64_t room) {
  for (int round = 0; round < rounds; ++round) {
    for (std::uint64_t key = 0; key < keys; ++key) {
      const std::uint64_t hash = UsageRecorder::hash_of(key_of(key));
      ghosts.looked_up(hash, 0, room);
      ghosts.stored(hash, 1000, room);
    }
  }
}

double share(const GhostList& ghosts, std::size_t place) {
  return static_cast<double>(ghosts.counts().hits[place]) / static_cast<double>(ghosts.counts().lookups);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(comes_back_from_its_octets) {
  UsageRecorder recorder("", kRoom);
  for (std::uint64_t i = 0; i < 100; ++i) recorder.miss(key_of(i));
  for (std::uint64_t i = 0; i < 100; ++i) recorder.stored(key_of(i), info_of("default"), 1000);
  Usage usage;
  UsageEvent event;
  event.kind = UsageKind::kHit;
  event.name_size = 3;
  std::copy_n("abc", 3, event.name_space.begin());
  event.hash = 77;
  event.bytes = 10;
  event.draw_ms = 2.5;
  usage.apply(event, kRoom);
  usage.apply(event, kRoom);
  const zimg::Bytes octets = usage.encode();
  const auto read = Usage::decode(octets);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->encode() == octets));
  BOOST_TEST(read->frequencies().estimate(77) == 2u);
  zimg::CacheStats stats;
  read->copy_to(stats, kRoom);
  BOOST_TEST(stats.hits == 2u);
  BOOST_TEST(stats.saved_ms == 5.0);
  BOOST_TEST(stats.saved_bytes == 20u);
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, octets.size() - 1}) {
    BOOST_TEST(!Usage::decode(zimg::Bytes(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  for (std::size_t at = 0; at < octets.size(); at += 997) {
    zimg::Bytes damaged = octets;
    damaged[at] ^= 1;
    BOOST_TEST(!Usage::decode(damaged));
  }
}

BOOST_AUTO_TEST_CASE(is_added_up_by_those_who_share_a_file) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("usage");
  {
    UsageRecorder one(path, kRoom);
    UsageRecorder two(path, kRoom);
    for (std::uint64_t i = 0; i < 2000; ++i) (i % 2 == 0 ? one : two).hit(key_of(1), info_of("a"), 10);
    one.miss(key_of(2));
    two.evicted("b");
  }
  UsageRecorder later(path, kRoom);
  const zimg::CacheStats stats = stats_of(later);
  BOOST_TEST(stats.hits == 2000u);
  BOOST_TEST(stats.misses == 1u);
  BOOST_TEST(stats.evictions == 1u);
  BOOST_TEST(stats.saved_ms == 3000000.0);
  std::vector<zimg::NamespaceStats> parts(2);
  parts[0].name_space = "a";
  parts[1].name_space = "nobody";
  later.copy_to(parts);
  BOOST_TEST(parts[0].hits == 2000u);
  BOOST_TEST(parts[1].hits == 0u);
}

BOOST_AUTO_TEST_CASE(forgets_in_a_file_as_soon_as_in_memory) {
  const zimg_test::TemporaryFolder folder;
  for (const std::string& path : {std::string(), folder.path("usage")}) {
    UsageRecorder recorder(path, kRoom);
    recorder.frequencies(64);  // entries: counts are halved every 1024 times
    for (int i = 0; i < 12; ++i) recorder.touch(key_of(0));
    for (std::uint64_t i = 1; i < 1500; ++i) recorder.touch(key_of(i));
    BOOST_TEST(recorder.frequencies(64).estimate(UsageRecorder::hash_of(key_of(0))) < 12u);
  }
}

BOOST_AUTO_TEST_CASE(waits_for_nobody_and_loses_nothing_meanwhile) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("usage");
  UsageRecorder recorder(path, kRoom);
  recorder.miss(key_of(1));
  FileLock other(path);
  BOOST_REQUIRE(other.acquire(FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  BOOST_TEST(stats_of(recorder).misses == 1u);
  recorder.miss(key_of(2));
  BOOST_TEST(stats_of(recorder).misses == 2u);
  other.release();
  BOOST_TEST(stats_of(recorder).misses == 2u);
  UsageRecorder second(path, kRoom);
  BOOST_TEST(stats_of(second).misses == 2u);
}

BOOST_AUTO_TEST_CASE(waits_a_little_at_its_end) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("usage");
  FileLock other(path);
  std::thread holder;
  {
    UsageRecorder recorder(path, kRoom);
    recorder.miss(key_of(1));
    BOOST_REQUIRE(other.acquire(FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
    holder = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      other.release();
    });
  }
  holder.join();
  UsageRecorder later(path, kRoom);
  BOOST_TEST(stats_of(later).misses == 1u);
}

BOOST_AUTO_TEST_CASE(begins_anew_where_its_file_is_damaged_or_cannot_be_written) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("usage");
  std::ofstream(path) << "not what was written";
  UsageRecorder recorder(path, kRoom);
  recorder.miss(key_of(1));
  BOOST_TEST(stats_of(recorder).misses == 1u);
  UsageRecorder nowhere(folder.path("absent/usage"), kRoom);
  for (std::uint64_t i = 0; i < 2000; ++i) nowhere.miss(key_of(i));
  BOOST_TEST(stats_of(nowhere).misses == 2000u);
}

BOOST_AUTO_TEST_CASE(remembers_a_bounded_number_of_namespaces) {
  UsageRecorder recorder("", kRoom);
  for (int i = 0; i < 10; ++i) recorder.hit(key_of(1), info_of("regular"), 10);
  for (int i = 0; i < 2000; ++i) recorder.hit(key_of(1), info_of("passing-" + std::to_string(i)), 10);
  std::vector<zimg::NamespaceStats> parts(1);
  parts[0].name_space = "regular";
  recorder.copy_to(parts);
  BOOST_TEST(parts[0].hits == 10u);
  BOOST_TEST(stats_of(recorder).hits == 2010u);
}

BOOST_AUTO_TEST_CASE(tells_what_half_and_double_the_bytes_would_give) {
  GhostList ghosts;  // 100 keys of 1000 bytes in turn fit 100,000 bytes and not a byte less
  go_round(ghosts, 100, 50, 100000);
  BOOST_TEST(share(ghosts, 0) == 0.0);
  BOOST_TEST(share(ghosts, 1) == 0.98);
  BOOST_TEST(share(ghosts, 2) == 0.98);
  GhostList scarce;
  go_round(scarce, 100, 50, 60000);
  BOOST_TEST(share(scarce, 1) == 0.0);
  BOOST_TEST(share(scarce, 2) == 0.98);
}

BOOST_AUTO_TEST_CASE(follows_a_sample_where_there_are_too_many_keys) {
  GhostList ghosts;
  go_round(ghosts, 20000, 5, 20000000);
  BOOST_TEST(ghosts.ghosts().size() <= GhostList::kLimit);
  BOOST_TEST(ghosts.shift() > 0u);
  BOOST_TEST(share(ghosts, 0) < 0.1);
  BOOST_TEST(share(ghosts, 2) > 0.7);
}

BOOST_AUTO_TEST_SUITE_END()
