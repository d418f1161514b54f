#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg_crash;

constexpr std::uint32_t kSlots = 64;
constexpr std::size_t kLargest = 60000;        // bytes
constexpr std::uint64_t kCapacity = 8u << 20;  // bytes

// How long a process was held up.
struct Stalls {
  int transactions = 0;
  int beyond_100_ms = 0;
  double longest_ms = 0;

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
        case 0:
          if (cache->store(key_of(slot), entry_of(picture(slot, random(), kLargest))) != zimg::StoreOutcome::kStored) {
            return 1;
          }
          break;
        case 1:
          cache->erase(key_of(slot));
          break;
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
  std::vector<pid_t> children;
  for (unsigned seed = 0; seed < kProcesses; ++seed) {  // the first of them also race to create it
    children.push_back(start_child([&] {
      Stalls stalls;
      return open_use_close(folder.path("store"), seed, transactions, stalls);
    }));
  }
  int failed = 0;
  for (const pid_t child : children) failed += wait_for(child) == 0 ? 0 : 1;
  std::printf("%u processes, %d transactions: %d processes failed\n", kProcesses,
              transactions * static_cast<int>(kProcesses), failed);
  BOOST_TEST(failed == 0);
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
    const Stalls& one = *stalls[i];
    all.transactions += one.transactions;
    all.beyond_100_ms += one.beyond_100_ms;
    all.longest_ms = std::max(all.longest_ms, one.longest_ms);
  }
  std::printf("%d kills beside %d survivors: %d transactions, %d took longer than 100 ms, the longest %.1f ms\n", kills,
              kSurvivors, all.transactions, all.beyond_100_ms, all.longest_ms);
  BOOST_TEST(all.beyond_100_ms * 200 <= all.transactions);  // those are what a busy machine makes of them
  const auto cache = open_store(folder.path("store"), 0);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
