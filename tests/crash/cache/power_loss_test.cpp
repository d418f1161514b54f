#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <vector>

#include "crash/cache/disk_model.hpp"
#include "crash/cache/planted_bug.hpp"
#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"

namespace {

namespace fs = std::filesystem;
using namespace zimg_crash;

constexpr std::uint32_t kSlots = 14;
constexpr std::size_t kLargest = 70000;             // bytes: one chunk or two
constexpr std::uint64_t kCapacity = 6u << 20;       // room for all slots: nothing is evicted
constexpr std::uint64_t kOtherCapacity = 4u << 20;  // what it is shrunk to and grown from
constexpr std::uint64_t kErased = 0;

// Keeps a log of the calls of a store and of what it acknowledged.
class Recorder final : public SystemCallWatcher {
 public:
  void after(const SystemCall& call) override {
    LoggedCall logged;
    logged.call = call;
    logged.octets.assign(call.octets.begin(), call.octets.end());
    logged.call.octets = {};
    log.push_back(std::move(logged));
    maps_data_to_write = maps_data_to_write || (call.maps_to_write && call.path.ends_with("data.mdb"));
  }
  void mark(std::uint32_t slot, std::uint64_t version) {
    LoggedCall mark;
    mark.is_mark = true;
    mark.slot = slot;
    mark.version = version;
    log.push_back(std::move(mark));
  }

  std::vector<LoggedCall> log;
  bool maps_data_to_write = false;  // writes by memory would escape the log
};

// A store's life: made, written, replaced, erased, closed and opened, shrunk and grown.
void live(const std::string& root, Recorder& recorder) {
  const SystemCallWatch watch(root, recorder);
  const std::string path = root + "/deep/store";
  std::uint64_t version = 1;
  for (const std::uint64_t capacity : {kCapacity, std::uint64_t{0}, kOtherCapacity, kCapacity, std::uint64_t{0}}) {
    const auto cache = open_store(path, capacity);
    for (int i = 0; i < 14; ++i, ++version) {
      const auto slot = static_cast<std::uint32_t>(version * 11 % kSlots);
      if (version % 9 == 4) {
        cache->erase(key_of(slot));
        recorder.mark(slot, kErased);
      } else {
        BOOST_REQUIRE(cache->store(key_of(slot), entry_of(picture(slot, version, kLargest))) ==
                      zimg::StoreOutcome::kStored);
        recorder.mark(slot, version);
      }
    }
    BOOST_REQUIRE(cache->stats().evictions == 0u);
  }
}

struct Counts {
  int states = 0;
  int refused = 0;        // the store could not be opened or read
  int lost = 0;           // an acknowledged entry is missing or older
  int wrong = 0;          // octets that were never stored
  int resurrected = 0;    // an entry that was erased
  int unusable = 0;       // does not store any more
  int deaths = 0;         // LMDB aborted
  int last = -1;          // the state that was looked at last
  char reason[200] = {};  // of the last refusal
};

// How much of a file there is before the zeros at its end, in pages: the rest is a hole.
std::size_t used_of(const std::vector<std::uint8_t>& octets) {
  constexpr std::size_t kPage = 4096;
  static constexpr std::array<std::uint8_t, kPage> kZeros{};
  std::size_t used = octets.size();
  while (used > 0) {
    const std::size_t size = std::min(used, kPage);
    if (std::memcmp(octets.data() + used - size, kZeros.data(), size) != 0) break;
    used -= size;
  }
  return used;
}

void write_state(const std::string& root, const DiskState& state) {
  for (const auto& file : fs::directory_iterator(root)) fs::remove_all(file.path());
  for (const auto& [name, file] : state.files) {
    const std::string path = root + "/" + name;
    if (file.is_folder) {
      fs::create_directory(path);
      continue;
    }
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.octets.data()), static_cast<std::streamsize>(used_of(file.octets)));
    fs::resize_file(path, file.octets.size());
  }
}

using Acknowledged = std::map<std::uint32_t, std::uint64_t>;

// Opens the store as it is after the power loss and compares it with what was acknowledged before. What `underway` was
// doing is done or not.
void examine(const std::string& root, const Acknowledged& acknowledged, const LoggedCall* underway, Counts& counts) {
  const std::string path = root + "/deep/store";
  const auto cache = open_store(path, fs::exists(path + "/zimg-store") ? 0 : kCapacity);
  bool is_lost = false;
  bool is_wrong = false;
  bool is_resurrected = false;
  for (const auto& [slot, version] : acknowledged) {
    const auto found = cache->find(key_of(slot));
    const auto is = found ? version_of(*found->payload, slot, kLargest) : std::optional<std::uint64_t>(kErased);
    if (is == version || (underway != nullptr && underway->slot == slot && is == underway->version)) continue;
    (!is ? is_wrong : version == kErased ? is_resurrected : is_lost) = true;
  }
  counts.lost += is_lost ? 1 : 0;
  counts.wrong += is_wrong ? 1 : 0;
  counts.resurrected += is_resurrected ? 1 : 0;
  const bool is_usable = cache->store(key_of(1), entry_of(picture(1, 1, kLargest))) == zimg::StoreOutcome::kStored &&
                         cache->find(key_of(1)) && cache->verify({}).damaged == 0;
  counts.unusable += is_usable ? 0 : 1;
}

// What the first mark from `position` on will acknowledge.
const LoggedCall* underway_at(const std::vector<LoggedCall>& log, std::size_t position) {
  for (; position < log.size(); ++position) {
    if (log[position].is_mark) return &log[position];
  }
  return nullptr;
}

// Makes all states of the log and looks at those from `first` on.
void replay(const std::string& root, const std::string& watched, const std::vector<LoggedCall>& log, int states,
            int first, Counts& counts) {
  DiskModel disk(watched, !has_planted_bug("no-sync"));
  Acknowledged acknowledged;
  int number = 0;
  for (std::size_t position = 0; position < log.size(); ++position) {
    if (log[position].is_mark) {
      acknowledged[log[position].slot] = log[position].version;
    } else {
      disk.apply(log[position]);
    }
    const int until = static_cast<int>(static_cast<std::int64_t>(states) * static_cast<std::int64_t>(position + 1) /
                                       static_cast<std::int64_t>(log.size()));
    for (; number < until; ++number) {
      if (number < first) continue;
      std::mt19937_64 random(static_cast<std::uint64_t>(number) * 7919 + 5);
      counts.last = number;
      ++counts.states;
      try {
        write_state(root, disk.state_after_power_loss(random));
        examine(root, acknowledged, underway_at(log, position + 1), counts);
      } catch (const zimg::Error& error) {
        ++counts.refused;
        std::snprintf(counts.reason, sizeof(counts.reason), "%s", error.what());
      }
    }
  }
}

// In children, for LMDB may die of what a disk without syncs leaves; the next one goes on behind that state.
Counts replay_in_children(const std::string& watched, const std::vector<LoggedCall>& log, int states) {
  const zimg_test::TemporaryFolder folder;
  auto* shared =
      static_cast<Counts*>(::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  BOOST_REQUIRE(shared != MAP_FAILED);
  new (shared) Counts;
  for (;;) {
    const int status = wait_for(start_child([&] {
      replay(folder.path(), watched, log, states, shared->last + 1, *shared);
      return 0;
    }));
    if (WIFEXITED(status)) {
      BOOST_TEST(WEXITSTATUS(status) == 0);
      break;
    }
    ++shared->deaths;
  }
  const Counts counts = *shared;
  ::munmap(shared, sizeof(Counts));
  return counts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(loses_nothing_acknowledged_when_the_power_goes) {
  const zimg_test::TemporaryFolder folder;
  Recorder recorder;
  live(folder.path(), recorder);
  BOOST_TEST(!recorder.maps_data_to_write);
  const Counts counts = replay_in_children(folder.path(), recorder.log, runs("ZIMG_POWER_LOSSES", 3000));
  std::printf(
      "%d states of a disk after the power went, out of a log of %zu calls: %d with acknowledged entries lost, "
      "%d with wrong bytes, %d with erased entries back, %d refused, %d unusable, %d deaths %s\n",
      counts.states, recorder.log.size(), counts.lost, counts.wrong, counts.resurrected, counts.refused,
      counts.unusable, counts.deaths, counts.reason);
  BOOST_TEST(counts.lost + counts.refused + counts.deaths == 0);
  BOOST_TEST(counts.wrong == 0);
  BOOST_TEST(counts.resurrected == 0);
  BOOST_TEST(counts.unusable == 0);
}

BOOST_AUTO_TEST_SUITE_END()
