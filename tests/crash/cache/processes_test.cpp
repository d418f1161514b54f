#include <boost/test/unit_test.hpp>
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

// Opens, uses and closes the store again and again; the exit status tells what went wrong first.
int open_use_close(const std::string& path, unsigned seed, int transactions) {
  std::mt19937 random(seed);
  while (transactions > 0) {
    const auto cache = open_store(path, kCapacity);
    for (int i = 0; i < 40 && transactions > 0; ++i, --transactions) {
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
    children.push_back(start_child([&] { return open_use_close(folder.path("store"), seed, transactions); }));
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
  const pid_t survivor = start_child([&] { return open_use_close(folder.path("store"), 1, kills * 20); });
  std::mt19937 random(3);
  for (int i = 0; i < kills; ++i) {
    const pid_t victim = start_child([&] { return open_use_close(folder.path("store"), 1000u + random(), 1 << 30); });
    ::usleep(random() % 12000);
    ::kill(victim, SIGKILL);
    wait_for(victim);
  }
  BOOST_TEST(wait_for(survivor) == 0);
  std::printf("%d kills beside a survivor of %d transactions\n", kills, kills * 20);
  const auto cache = open_store(folder.path("store"), 0);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
