#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <random>
#include <vector>

#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg_crash;

constexpr std::uint32_t kSlots = 60;
constexpr std::uint32_t kErased = 1000;        // a slot whose pictures are free pages now
constexpr std::size_t kLargest = 90000;        // bytes
constexpr std::uint64_t kCapacity = 8u << 20;  // bytes

constexpr ssize_t kPage = 4096;
constexpr std::uint64_t kFreeRoot = 16 + 24 + 40;  // where a meta page names the root of the tree of free pages

// Exit codes of a child. None is one that a sanitizer ends with.
enum Status { kSound = 0, kWrong = 41, kRefused = 42, kSomeMissing = 43 };

// A store whose file can be put back as it was.
class Patient {
 public:
  Patient() : path_(folder_.path("store")) {
    {
      const auto cache = open_store(path_, kCapacity);
      for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
        if (slot % 3 == 0) cache->store(key_of(slot), entry_of(picture(slot, slot + 1, kLargest)));  // to be replaced
        cache->store(key_of(slot), entry_of(picture(slot, slot, kLargest)));
        if (slot % 10 != 9) continue;
        cache->store(key_of(kErased), entry_of(picture(kErased, slot, kLargest)));
        cache->erase(key_of(kErased));
      }
    }
    file_ = ::open((path_ + "/data.mdb").c_str(), O_RDWR | O_CLOEXEC);
    sound_.resize(kCapacity);
    BOOST_REQUIRE(::pread(file_, sound_.data(), sound_.size(), 0) == static_cast<ssize_t>(sound_.size()));
    const auto last = std::find_if(sound_.rbegin(), sound_.rend(), [](std::uint8_t octet) { return octet != 0; });
    used_bytes_ = static_cast<std::uint64_t>((sound_.rend() - last + kPage - 1) / kPage * kPage);
  }
  ~Patient() { ::close(file_); }
  Patient(const Patient&) = delete;
  Patient& operator=(const Patient&) = delete;

  // Writes only the pages that differ: a child syncs what is dirty.
  void heal() {
    BOOST_REQUIRE(::ftruncate(file_, static_cast<off_t>(kCapacity)) == 0);
    std::vector<std::uint8_t> page(kPage);
    for (std::uint64_t at = 0; at < kCapacity; at += kPage) {
      BOOST_REQUIRE(::pread(file_, page.data(), kPage, static_cast<off_t>(at)) == kPage);
      if (std::equal(page.begin(), page.end(), sound_.begin() + static_cast<std::ptrdiff_t>(at))) continue;
      BOOST_REQUIRE(::pwrite(file_, sound_.data() + at, kPage, static_cast<off_t>(at)) == kPage);
    }
  }
  void flip(std::uint64_t bit) {
    const std::uint8_t octet = sound_[bit / 8] ^ static_cast<std::uint8_t>(1u << (bit % 8));
    BOOST_REQUIRE(::pwrite(file_, &octet, 1, static_cast<off_t>(bit / 8)) == 1);
  }
  // The first page of the value that `payload` begins.
  std::uint64_t page_of(const zimg::Bytes& payload) const {
    const auto found = std::search(sound_.begin(), sound_.end(), payload.begin(), payload.begin() + 64);
    BOOST_REQUIRE((found != sound_.end()));
    BOOST_REQUIRE((found - sound_.begin()) % kPage == 16);  // behind LMDB's own octets
    return static_cast<std::uint64_t>((found - sound_.begin()) / kPage);
  }
  void overwrite_page(std::uint64_t page, std::mt19937& random) {
    std::vector<std::uint8_t> noise(kPage);
    for (auto& octet : noise) octet = static_cast<std::uint8_t>(random());
    BOOST_REQUIRE(::pwrite(file_, noise.data(), noise.size(), static_cast<off_t>(page * noise.size())) == kPage);
  }
  // In each record of LMDB's list of free pages every other page stands twice. Returns how many do.
  int double_free_pages() {
    int doubled = 0;
    for (const std::uint64_t page : leaves_of_free_pages()) {
      const auto nodes = static_cast<std::uint64_t>((number_at<std::uint16_t>(page + 12) - 16) / 2);
      for (std::uint64_t node = 0; node < nodes; ++node) {
        const std::uint64_t value = page + number_at<std::uint16_t>(page + 16 + 2 * node) + 16;  // behind its key
        const auto count = number_at<std::uint64_t>(value);
        for (std::uint64_t i = 2; i <= count && value + 8 * i < page + kPage; i += 2, ++doubled) {
          BOOST_REQUIRE(::pwrite(file_, sound_.data() + value + 8 * (i - 1), 8, static_cast<off_t>(value + 8 * i)) ==
                        8);
        }
      }
    }
    return doubled;
  }
  void cut(std::uint64_t size) { BOOST_REQUIRE(::ftruncate(file_, static_cast<off_t>(size)) == 0); }
  std::uint64_t used_bytes() const { return used_bytes_; }

  // Whether a page holds a value or a part of one; the others are LMDB's tree. The first page of a value tells how many
  // follow.
  bool is_value_page(std::uint64_t page) const {
    constexpr std::uint16_t kOverflow = 4;
    for (std::uint64_t first = page; first > 1 && page - first < 20; --first) {
      const std::uint8_t* header = sound_.data() + first * kPage;
      std::uint64_t number = 0;
      std::uint16_t flags = 0;
      std::uint32_t count = 0;
      std::memcpy(&number, header, sizeof(number));
      std::memcpy(&flags, header + 10, sizeof(flags));
      std::memcpy(&count, header + 12, sizeof(count));
      if (number == first) return flags == kOverflow && page < first + count;
    }
    return false;
  }
  const std::string& path() const { return path_; }

  // Reads everything and writes a little, in a child because LMDB may abort on damaged pages of its tree.
  int examine() const {
    return wait_for(start_child([this]() -> int {
#if !defined(__SANITIZE_ADDRESS__)  // which says there what it ends for
      ::close(2);                   // LMDB says there what it aborts on
#endif
      try {
        return read_all();
      } catch (const zimg::Error& error) {
        return error.code() == zimg::ErrorCode::kCache ? kRefused : 99;
      }
    }));
  }

 private:
  template <class Number>
  Number number_at(std::uint64_t at) const {
    Number number = 0;
    std::memcpy(&number, sound_.data() + at, sizeof number);
    return number;
  }

  // Of both meta pages; the tree of so small a store is its root alone.
  std::vector<std::uint64_t> leaves_of_free_pages() const {
    constexpr std::uint16_t kLeaf = 2;
    std::vector<std::uint64_t> leaves;
    for (const std::uint64_t meta : {std::uint64_t{0}, std::uint64_t{kPage}}) {
      const std::uint64_t root = number_at<std::uint64_t>(meta + kFreeRoot) * kPage;
      if (root < kCapacity && number_at<std::uint16_t>(root + 10) == kLeaf) leaves.push_back(root);
    }
    return leaves;
  }

  Status read_all() const {
    const auto cache = open_store(path_, 0);
    int missing = 0;
    bool is_refused = false;
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
      try {
        const auto found = cache->find(key_of(slot));
        if (!found) {
          ++missing;
        } else if (*found->payload != picture(slot, slot, kLargest)) {
          return kWrong;
        }
      } catch (const zimg::Error&) {
        is_refused = true;
      }
    }
    try {  // it goes on keeping what is new, or says that it does not
      const auto outcome = cache->store(key_of(kSlots), entry_of(picture(kSlots, 1, kLargest)));
      const auto found = cache->find(key_of(kSlots));
      if (found && *found->payload != picture(kSlots, 1, kLargest)) return kWrong;
      if (outcome == zimg::StoreOutcome::kStored && !found) ++missing;
    } catch (const zimg::Error&) {
      is_refused = true;
    }
    if (is_refused) return kRefused;
    return missing == 0 ? kSound : kSomeMissing;
  }

  zimg_test::TemporaryFolder folder_;
  std::string path_;
  int file_ = -1;
  std::vector<std::uint8_t> sound_;
  std::uint64_t used_bytes_ = 0;
};

struct Counts {
  int trials = 0;
  int sound = 0;
  int missing = 0;
  int refused = 0;
  int wrong = 0;
  int deaths = 0;
  int other = 0;
  int deaths_by_values = 0;
  std::string ends;  // signals of the deaths, exit codes of the others

  void add(int status, bool is_in_value = false) {
    ++trials;
    deaths_by_values += is_in_value && !WIFEXITED(status) ? 1 : 0;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code < 0) ends += " signal " + std::to_string(WTERMSIG(status));
    if (code > kSomeMissing || (code > kSound && code < kWrong)) ends += " exit " + std::to_string(code);
    ++(code < 0               ? deaths
       : code == kSound       ? sound
       : code == kSomeMissing ? missing
       : code == kRefused     ? refused
       : code == kWrong       ? wrong
                              : other);
  }
  void print(const char* what) const {
    std::printf(
        "%d %s: %d harmless, %d with entries missed, %d refused with an error, %d wrong, %d deaths "
        "(%d by damaged values), %d otherwise%s\n",
        trials, what, sound, missing, refused, wrong, deaths, deaths_by_values, other, ends.c_str());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(damage)

BOOST_AUTO_TEST_CASE(serves_nothing_wrong_after_a_bit_flip) {
  Patient patient;
  std::mt19937_64 random(11);
  Counts counts;
  for (int i = runs("ZIMG_DAMAGES", 300); i > 0; --i) {
    patient.heal();
    const std::uint64_t bit = random() % (patient.used_bytes() * 8);
    patient.flip(bit);
    counts.add(patient.examine(), patient.is_value_page(bit / 8 / kPage));
  }
  counts.print("bit flips");
  BOOST_TEST(counts.wrong == 0);
  BOOST_TEST(counts.other == 0);
  BOOST_TEST(counts.missing > 0);  // most of them hit a picture, and are seen
  BOOST_TEST(counts.deaths_by_values == 0);
  BOOST_TEST(counts.deaths * 100 <= counts.trials);
}

BOOST_AUTO_TEST_CASE(serves_nothing_wrong_after_a_page_became_noise) {
  Patient patient;
  std::mt19937 random(12);
  Counts counts;
  for (int i = runs("ZIMG_DAMAGES", 300); i > 0; --i) {
    patient.heal();
    const std::uint64_t page = random() % (patient.used_bytes() / kPage);
    patient.overwrite_page(page, random);
    counts.add(patient.examine(), patient.is_value_page(page));
  }
  counts.print("pages of noise");
  BOOST_TEST(counts.wrong == 0);
  BOOST_TEST(counts.other == 0);
  BOOST_TEST(counts.deaths_by_values == 0);
  BOOST_TEST(counts.deaths * 50 <= counts.trials);
}

// A chunk whose page has a damaged header is left under its id when its entry goes. The newest id would be the next to
// be given out again, and LMDB would write to that page or free those behind it.
BOOST_AUTO_TEST_CASE(writes_nothing_under_an_id_that_still_has_a_damaged_chunk) {
  // Bits of a page's header.
  constexpr std::uint64_t kDirty = 10 * 8 + 4;      // it lies in memory that may be written to
  constexpr std::uint64_t kMorePages = 12 * 8 + 5;  // 32 more pages follow
  constexpr std::uint32_t kNewest = kSlots - 1;
  Patient patient;
  const zimg::Bytes newest = picture(kNewest, kNewest, kLargest);
  for (const std::uint64_t bit : {kDirty, kMorePages}) {
    patient.heal();
    patient.flip(patient.page_of(newest) * kPage * 8 + bit);
    const int status = wait_for(start_child([&]() -> int {
      const auto cache = open_store(patient.path(), 0);
      return cache->store(key_of(kNewest), entry_of(newest)) == zimg::StoreOutcome::kStored ? kSound : kRefused;
    }));
    BOOST_TEST(status == 0);
    BOOST_TEST(patient.examine() == 0);  // nothing is missing
  }
}

// LMDB asserts where it takes one page twice, in the midst of writing.
BOOST_AUTO_TEST_CASE(goes_on_where_the_list_of_free_pages_names_one_twice) {
  Patient patient;
  BOOST_REQUIRE(patient.double_free_pages() > 0);
  const int status = wait_for(start_child([&]() -> int {
    const auto cache = open_store(patient.path(), 0);
    int refused = 0;
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
      try {
        cache->store(key_of(kErased + slot), entry_of(picture(kErased + slot, slot, kLargest)));
        cache->erase(key_of(slot));
      } catch (const zimg::Error& error) {
        if (error.code() != zimg::ErrorCode::kCache) return kWrong;
        ++refused;
      }
    }
    return refused > 0 ? kRefused : kSound;
  }));
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == kRefused);
}

BOOST_AUTO_TEST_CASE(refuses_a_store_that_was_cut) {
  Patient patient;
  std::mt19937_64 random(13);
  Counts counts;
  for (int i = std::min(runs("ZIMG_DAMAGES", 300), 1000); i > 0; --i) {
    patient.heal();
    patient.cut(random() % kCapacity);
    counts.add(patient.examine());
  }
  counts.print("truncations");
  BOOST_TEST(counts.refused == counts.trials);
}

BOOST_AUTO_TEST_CASE(lives_on_when_the_store_is_cut_while_it_is_open) {
  Patient patient;
  const int status = wait_for(start_child([&]() -> int {
    const auto cache = open_store(patient.path(), 0);
    if (!cache->find(key_of(1))) return 1;
    patient.cut(8192);
    for (int i = 0; i < 2; ++i) {
      try {
        cache->find(key_of(2));
        return 2;
      } catch (const zimg::Error& error) {
        if (error.code() != zimg::ErrorCode::kCache) return 3;
      }
    }
    try {
      cache->store(key_of(2), entry_of(picture(2, 2, kLargest)));
      return 4;
    } catch (const zimg::Error& error) {
      return error.code() == zimg::ErrorCode::kCache ? 0 : 5;
    }
  }));
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
