#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg_crash;

constexpr std::uint32_t kSlots = 64;
constexpr std::size_t kLargest = 60000;        // bytes
constexpr std::uint64_t kCapacity = 8u << 20;  // bytes

// How long a process was held up, and how often it found no room.
struct Stalls {
  int transactions = 0;
  int without_room = 0;
  int beyond_100_ms = 0;
  double longest_ms = 0;

  void add(const Stalls& other) {
    transactions += other.transactions;
    without_room += other.without_room;
    beyond_100_ms += other.beyond_100_ms;
    longest_ms = std::max(longest_ms, other.longest_ms);
  }
  void add(std::chrono::duration<double, std::milli> took) {
    ++transactions;
    beyond_100_ms += took.count() > 100 ? 1 : 0;
    longest_ms = std::max(longest_ms, took.count());
  }
};

// Memory that children share with this process.
class SharedStalls {
 public:
  SharedStalls()
      : stalls_(new (::mmap(nullptr, sizeof(Stalls), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                    Stalls) {}
  ~SharedStalls() { ::munmap(stalls_, sizeof(Stalls)); }
  SharedStalls(const SharedStalls&) = delete;
  SharedStalls& operator=(const SharedStalls&) = delete;
  Stalls& operator*() const { return *stalls_; }

 private:
  Stalls* stalls_;
};

// What `change` says; false where the store has no room, even to erase. While a process stands still in the middle of
// reading, nothing that was erased since is written over, and a store of this size is soon full.
bool has_room(const std::function<bool()>& change) {
  try {
    return change();
  } catch (const zimg::Error& error) {
    if (std::string(error.what()).find("MDB_MAP_FULL") == std::string::npos) throw;
    return false;
  }
}

// Opens, uses and closes the store again and again; the exit status tells what went wrong first.
int open_use_close(const std::string& path, unsigned seed, int transactions, Stalls& stalls) {
  using Clock = std::chrono::steady_clock;
  std::mt19937 random(seed);
  while (transactions > 0) {
    const auto opening = Clock::now();
    const auto cache = open_store(path, kCapacity);
    stalls.add(Clock::now() - opening);
    for (int i = 0; i < 40 && transactions > 0; ++i, --transactions) {
      const auto start = Clock::now();
      const std::uint32_t slot = random() % kSlots;
      switch (random() % 16) {
        case 0: {
          const zimg::CacheEntry entry = entry_of(picture(slot, random(), kLargest));
          const auto store = [&] { return cache->store(key_of(slot), entry) == zimg::StoreOutcome::kStored; };
          if (!has_room(store)) ++stalls.without_room;
          break;
        }
        case 1: {
          const auto erase = [&] { return cache->erase(key_of(slot)), true; };
          if (!has_room(erase)) ++stalls.without_room;
          break;
        }
        default:
          if (const auto found = cache->find(key_of(slot)); found && !version_of(*found->payload, slot, kLargest)) {
            return 2;
          }
      }
      stalls.add(Clock::now() - start);
    }
    if (cache->stats().corrupt != 0) return 3;
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(processes)

BOOST_AUTO_TEST_CASE(open_use_and_close_one_store_in_parallel) {
  const zimg_test::TemporaryFolder folder;
  constexpr unsigned kProcesses = 4;
  const int transactions = runs("ZIMG_TRANSACTIONS", 4000) / static_cast<int>(kProcesses);
  const std::array<SharedStalls, kProcesses> stalls;
  std::vector<pid_t> children;
  for (unsigned seed = 0; seed < kProcesses; ++seed) {  // the first of them also race to create it
    children.push_back(
        start_child([&] { return open_use_close(folder.path("store"), seed, transactions, *stalls[seed]); }));
  }
  Stalls all;
  int failed = 0;
  for (unsigned i = 0; i < kProcesses; ++i) {
    const int status = wait_for(children[i]);
    if (status != 0) std::printf("process %u ended with status %#x\n", i, static_cast<unsigned>(status));
    failed += status == 0 ? 0 : 1;
    all.add(*stalls[i]);
  }
  std::printf("%u processes, %d transactions: %d processes failed, %d changes found no room\n", kProcesses,
              transactions * static_cast<int>(kProcesses), failed, all.without_room);
  BOOST_TEST(failed == 0);
  BOOST_TEST(all.without_room * 1000 <= all.transactions);
  const auto cache = open_store(folder.path("store"), 0);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE(survivors_go_on_when_one_is_killed_again_and_again) {
  const zimg_test::TemporaryFolder folder;
  const int kills = runs("ZIMG_KILLS", 100);
  constexpr int kSurvivors = 2;
  const std::array<SharedStalls, kSurvivors> stalls;
  std::vector<pid_t> survivors;
  for (int i = 0; i < kSurvivors; ++i) {
    survivors.push_back(start_child([&] {
      return open_use_close(folder.path("store"), static_cast<unsigned>(i + 1), kills * 20,
                            *stalls[static_cast<std::size_t>(i)]);
    }));
  }
  std::mt19937 random(3);
  for (int i = 0; i < kills; ++i) {
    const pid_t victim = start_child([&] {
      Stalls ignored;
      return open_use_close(folder.path("store"), 1000u + random(), 1 << 30, ignored);
    });
    ::usleep(random() % 12000);
    ::kill(victim, SIGKILL);
    wait_for(victim);
  }
  Stalls all;
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    BOOST_TEST(wait_for(survivors[i]) == 0);
    all.add(*stalls[i]);
  }
  std::printf(
      "%d kills beside %d survivors: %d transactions, %d took longer than 100 ms, the longest %.1f ms, %d changes "
      "found "
      "no room\n",
      kills, kSurvivors, all.transactions, all.beyond_100_ms, all.longest_ms, all.without_room);
  BOOST_TEST(all.beyond_100_ms * 200 <= all.transactions);  // those are what a busy machine makes of them
  const auto cache = open_store(folder.path("store"), 0);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
