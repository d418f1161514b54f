#include <fcntl.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "crash/cache/planted_bug.hpp"
#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg_crash;

constexpr std::uint32_t kSlots = 48;
constexpr std::size_t kLargest = 300000;            // bytes
constexpr std::uint64_t kCapacity = 64u << 20;      // room for all slots: nothing is evicted
constexpr std::uint64_t kSmallCapacity = 8u << 20;  // room for half of them

struct Acknowledged {
  std::uint32_t slot;
  std::uint64_t version;
};

// Stores for ever and says after each store what was acknowledged.
int write_for_ever(const std::string& path, std::uint64_t capacity, std::uint64_t first_version, int pipe_end) {
  const auto cache = open_store(path, capacity);
  for (std::uint64_t version = first_version;; ++version) {
    const auto slot = static_cast<std::uint32_t>(version * 31 % kSlots);
    const Acknowledged done{slot, version};
    const auto acknowledge = [&] { return ::write(pipe_end, &done, sizeof(done)) == sizeof(done); };
    if (has_planted_bug("acknowledge-early") && !acknowledge()) return 2;
    if (cache->store(key_of(slot), entry_of(picture(slot, version, kLargest))) != zimg::StoreOutcome::kStored) return 1;
    if (!has_planted_bug("acknowledge-early") && !acknowledge()) return 2;
  }
}

struct Counts {
  int kills = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;
  std::uint64_t wrong = 0;
  std::uint64_t missing = 0;
  std::vector<double> open_ms;

  // How long reopening took, of all times the part `share`.
  double open_quantile_ms(double share) {
    std::sort(open_ms.begin(), open_ms.end());
    return open_ms.empty() ? 0 : open_ms[static_cast<std::size_t>(share * static_cast<double>(open_ms.size() - 1))];
  }
};

// Kills one writer at a random time; afterwards reads all slots.
void kill_and_look(const std::string& path, std::uint64_t capacity, std::mt19937& random,
                   std::map<std::uint32_t, std::uint64_t>& newest, std::uint64_t& next_version, Counts& counts) {
  int ends[2];
  BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const std::uint64_t first = next_version;
  const pid_t child = start_child([&] { return write_for_ever(path, capacity, first, ends[1]); });
  ::close(ends[1]);
  std::this_thread::sleep_for(std::chrono::microseconds(random() % (20000 * kSlowdown)));
  ::kill(child, SIGKILL);
  const int status = wait_for(child);
  BOOST_REQUIRE(WIFSIGNALED(status));
  ++counts.kills;
  Acknowledged done{};
  while (::read(ends[0], &done, sizeof(done)) == sizeof(done)) {
    newest[done.slot] = done.version;
    next_version = done.version + 1;
    ++counts.acknowledged;
  }
  ::close(ends[0]);
  ++next_version;  // the store that was under way may or may not have been committed

  const auto start = std::chrono::steady_clock::now();
  const auto cache = open_store(path, capacity);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  counts.open_ms.push_back(took.count());
  for (const auto& [slot, version] : newest) {
    const auto found = cache->find(key_of(slot));
    if (!found) {
      ++counts.missing;
      continue;
    }
    const auto is = version_of(*found->payload, slot, kLargest);
    if (!is) {
      ++counts.wrong;
    } else if (*is < version) {
      ++counts.lost;
    }
  }
  BOOST_TEST(cache->stats().corrupt == 0u);
}

Counts kill_many(std::uint64_t capacity, int kills) {
  const zimg_test::TemporaryFolder folder;
  std::mt19937 random(7);
  std::map<std::uint32_t, std::uint64_t> newest;
  std::uint64_t next_version = 1;
  Counts counts;
  for (int i = 0; i < kills; ++i) kill_and_look(folder.path("store"), capacity, random, newest, next_version, counts);
  std::printf(
      "%d kills: %llu stores acknowledged, %llu missing, %llu older than acknowledged, %llu wrong, "
      "reopening took %.2f ms in the middle, %.2f ms in 99 of 100, %.2f ms at most\n",
      counts.kills, static_cast<unsigned long long>(counts.acknowledged),
      static_cast<unsigned long long>(counts.missing), static_cast<unsigned long long>(counts.lost),
      static_cast<unsigned long long>(counts.wrong), counts.open_quantile_ms(0.5), counts.open_quantile_ms(0.99),
      counts.open_quantile_ms(1));
  return counts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_writer)

BOOST_AUTO_TEST_CASE(loses_nothing_acknowledged_when_a_writer_is_killed) {
  Counts counts = kill_many(kCapacity, runs("ZIMG_KILLS", 300));
  BOOST_TEST(counts.acknowledged > 0u);
  BOOST_TEST(counts.missing == 0u);
  BOOST_TEST(counts.lost == 0u);
  BOOST_TEST(counts.wrong == 0u);
  BOOST_TEST(counts.open_quantile_ms(0.9) < 50.0);  // the slowest are what a busy machine makes of them
}

BOOST_AUTO_TEST_CASE(serves_nothing_wrong_when_a_writer_that_evicts_is_killed) {
  const Counts counts = kill_many(kSmallCapacity, runs("ZIMG_KILLS", 300) / 4);
  BOOST_TEST(counts.acknowledged > 0u);
  BOOST_TEST(counts.lost == 0u);  // an evicted entry is missing; an older one never comes back
  BOOST_TEST(counts.wrong == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
