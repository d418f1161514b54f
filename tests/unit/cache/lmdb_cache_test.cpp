#include <fcntl.h>
#include <lmdb.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/file_lock.hpp"
#include "cache/lmdb/transaction.hpp"
#include "contract/icache_contract.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::ErrorCode;
using zimg_test::in_child;
using zimg_test::TemporaryFolder;

constexpr std::uint64_t kMiB = 1u << 20;

std::shared_ptr<zimg::ICache> open(const std::string& path, std::uint64_t capacity_bytes = 0) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  return zimg::open_lmdb_cache(options);
}

// The sentence that `body` fails with; a failed check when it does not, or with another code.
template <class Body>
std::string failure(ErrorCode code, Body&& body) {
  try {
    body();
  } catch (const zimg::Error& error) {
    BOOST_TEST((error.code() == code), error.what());
    return error.what();
  }
  BOOST_TEST(false, "nothing was thrown");
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  BOOST_TEST_INFO(text);
  return text.find(part) != std::string::npos;
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777u;
}

// The descriptors of this process that lead to `path`.
std::vector<int> descriptors_of(const std::string& path) {
  std::vector<int> descriptors;
  for (const auto& link : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;  // that of the iterator itself is gone by the end
    if (fs::read_symlink(link, error) == path) descriptors.push_back(std::stoi(link.path().filename()));
  }
  return descriptors;
}

void move_files(const std::string& from, const std::string& to) {
  fs::create_directory(to);
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(from)) files.push_back(file.path());
  for (const fs::path& file : files) fs::rename(file, to / file.filename());
}

// Changes the id in the header under `key`, and nothing else of it, as damage on the disk might.
void damage_id(const std::string& path, const zimg::CacheKey& key, std::uint8_t id) {
  constexpr std::size_t kLastOctetOfId = 19;
  zimg::LmdbOptions options;
  options.path = path;
  const auto environment = zimg::cache::share_environment(options);
  const auto turn = environment->begin_writing(std::chrono::milliseconds(1000));
  zimg::cache::Transaction writing(environment->handle(), 0);
  const auto raw = environment->tables().header(writing.get(), key);
  BOOST_REQUIRE(raw.has_value());
  zimg::Bytes header(raw->begin(), raw->end());
  header[kLastOctetOfId] = id;
  zimg::CacheKey::Digest digest = key.digest();
  MDB_val name{digest.size(), digest.data()};
  MDB_val value{header.size(), header.data()};
  MDB_dbi entries = 0;
  BOOST_REQUIRE(mdb_dbi_open(writing.get(), "entries", 0, &entries) == 0);
  BOOST_REQUIRE(mdb_put(writing.get(), entries, &name, &value, 0) == 0);
  writing.commit();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lmdb_cache)

BOOST_AUTO_TEST_CASE(outlives_the_handle) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a/b/store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  const auto found = open(path)->find(key_of(1));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((*found->payload == *entry_of(1, 100000).payload));
}

BOOST_AUTO_TEST_CASE(keeps_its_files_private) {
  const TemporaryFolder folder;
  const std::string path = folder.path("deep/store");
  const mode_t before = ::umask(0);
  const auto cache = open(path, 16 * kMiB);
  ::umask(before);
  BOOST_TEST(mode_of(folder.path("deep")) == 0700u);
  BOOST_TEST(mode_of(path) == 0700u);
  int files = 0;
  for (const auto& file : fs::directory_iterator(path)) {
    ++files;
    BOOST_TEST(mode_of(file.path()) == 0600u, file.path());
  }
  BOOST_TEST(files == 6);
}

BOOST_AUTO_TEST_CASE(takes_no_more_of_the_disk_than_it_holds) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 1024 * kMiB);
  struct stat status {};
  BOOST_REQUIRE(::stat(folder.path("store/data.mdb").c_str(), &status) == 0);
  BOOST_TEST(status.st_size == static_cast<off_t>(1024 * kMiB));
  BOOST_TEST(status.st_blocks * 512 < 1000000);
}

BOOST_AUTO_TEST_CASE(shares_one_environment_in_a_process) {
  const TemporaryFolder folder;
  fs::create_symlink(folder.path("store"), folder.path("alias"));
  auto one = open(folder.path("store"), 16 * kMiB);
  const auto two = open(folder.path("store"));
  const auto alias = open(folder.path("alias"), 16 * kMiB);
  one->store(key_of(1), entry_of(1, 1000));
  one.reset();
  BOOST_TEST(two->find(key_of(1)).has_value());
  BOOST_TEST(alias->find(key_of(1)).has_value());
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(folder.path("store"), 32 * kMiB); }), "cannot be resized"));
}

// A file system likes to give the number of a folder that was removed to the next one that is made.
BOOST_AUTO_TEST_CASE(takes_no_new_folder_for_one_that_was_removed_while_it_was_open) {
  for (const bool is_there_before : {false, true}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("store");
    const auto old = open(path, 16 * kMiB);
    old->store(key_of(1), entry_of(1, 1000));
    move_files(path, folder.path("elsewhere"));
    fs::remove(path);
    if (is_there_before) fs::create_directory(path);
    const auto fresh = open(path, 16 * kMiB);
    fresh->store(key_of(2), entry_of(2, 1000));
    old->store(key_of(3), entry_of(3, 1000));
    BOOST_TEST(old->find(key_of(1)).has_value());
    BOOST_TEST(!old->find(key_of(2)).has_value());
    BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { old->verify({}); }), "was moved or removed"));
    BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { old->claim_drawing(key_of(4)); }), "was moved or removed"));
    for (const auto& cache : {fresh, open(path)}) {
      BOOST_TEST(cache->find(key_of(2)).has_value());
      BOOST_TEST(!cache->find(key_of(3)).has_value());
      BOOST_TEST(cache->stats().entries == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(holds_its_folder_open_until_it_is_closed_and_hands_it_to_no_program) {
  const TemporaryFolder folder;
  const std::string path = fs::canonical(folder.path()) / "store";
  const auto cache = open(path, 16 * kMiB);
  const auto other = open(path);
  const std::vector<int> held = descriptors_of(path);
  BOOST_REQUIRE(held.size() == 1u);
  BOOST_TEST((::fcntl(held[0], F_GETFD) & FD_CLOEXEC) != 0);
  cache->close();
  BOOST_TEST(descriptors_of(path).size() == 1u);
  other->close();
  BOOST_TEST(descriptors_of(path).empty());
}

BOOST_AUTO_TEST_CASE(opens_and_closes_from_many_threads) {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  std::atomic<int> misses{0};
  open(folder.path("store"), 16 * kMiB)->store(key_of(1), entry_of(1, 1000));
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) misses += open(folder.path("store"))->find(key_of(1)).has_value() ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(misses == 0);
}

BOOST_AUTO_TEST_CASE(remembers_its_size_and_grows_and_shrinks_when_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  BOOST_TEST(open(path)->stats().capacity_bytes == 16 * kMiB);
  BOOST_TEST(open(path, 32 * kMiB)->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(open(path)->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(open(path, 8 * kMiB)->stats().capacity_bytes == 8 * kMiB);
  BOOST_TEST(open(path)->find(key_of(1)).has_value());
  for (std::uint64_t i = 0; i < 10; ++i) open(path)->store(key_of(i), entry_of(i, 500000));
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(path, 4 * kMiB); }), "pages reach up to"));
  BOOST_TEST(open(path)->find(key_of(9)).has_value());
}

BOOST_AUTO_TEST_CASE(is_not_resized_while_another_process_uses_it) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  const int status = in_child([&]() -> int {
    try {
      open(folder.path("store"), 32 * kMiB);
      return 1;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache || !contains(error.what(), "another process uses it")) return 2;
    }
    return open(folder.path("store"))->stats().capacity_bytes == 16 * kMiB ? 0 : 3;
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(evicts_the_oldest_where_it_does_not_weigh) {
  const TemporaryFolder folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = 16 * kMiB;
  options.policy.weighs_entries = false;
  const auto cache = zimg::open_lmdb_cache(options);
  std::uint64_t number = 0;
  for (std::uint64_t written = 0; written < 48 * kMiB; ++number) {
    const std::size_t size = 1000 + number * 7919 % 600000;
    BOOST_REQUIRE(cache->store(key_of(number), entry_of(number, size)) == zimg::StoreOutcome::kStored);
    BOOST_REQUIRE(cache->find(key_of(number)).has_value());
    written += size;
  }
  const zimg::CacheStats stats = cache->stats();
  BOOST_TEST(stats.evictions > 0u);
  BOOST_TEST(stats.entries == number - stats.evictions);
  BOOST_TEST(stats.used_bytes <= 16 * kMiB * 85 / 100);
  BOOST_TEST(stats.payload_bytes >= 16 * kMiB * 85 / 100 * 80 / 100);
  BOOST_TEST(!cache->find(key_of(0)).has_value());
  std::uint64_t live = 0;
  cache->list([&](const auto&, const zimg::EntryInfo& info, std::uint64_t payload_bytes) {
    BOOST_TEST(info.seed >= number - stats.entries);  // the last ones, without a gap
    live += payload_bytes;
    return true;
  });
  BOOST_TEST(live == stats.payload_bytes);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE(erases_nothing_of_another_entry_whose_id_a_damaged_header_names) {
  constexpr std::size_t kSize = 100000;
  const std::function<void(zimg::ICache&)> ways[] = {
      [](zimg::ICache& cache) { BOOST_TEST(!cache.find(key_of(1)).has_value()); },
      [](zimg::ICache& cache) { BOOST_TEST(cache.verify({}).damaged == 1u); },
      [](zimg::ICache& cache) { BOOST_TEST(cache.erase(key_of(1))); },
      [](zimg::ICache& cache) { cache.store(key_of(1), entry_of(1, kSize)); },
  };
  for (const auto& way : ways) {
    const TemporaryFolder folder;
    const auto cache = open(folder.path("store"), 16 * kMiB);
    for (std::uint64_t number = 1; number <= 2; ++number) cache->store(key_of(number), entry_of(number, kSize));
    damage_id(folder.path("store"), key_of(1), 2);
    way(*cache);
    const auto found = cache->find(key_of(2));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((*found->payload == *entry_of(2, kSize).payload));
    BOOST_TEST(cache->stats().payload_bytes == kSize * (1 + cache->stats().entries));  // with what is left behind
    for (std::uint64_t number = 3; cache->stats().evictions == 0; ++number) {
      BOOST_REQUIRE((cache->store(key_of(number), entry_of(number, kSize)) == zimg::StoreOutcome::kStored));
    }
    BOOST_TEST(cache->stats().payload_bytes == kSize * cache->stats().entries);
  }
}

BOOST_AUTO_TEST_CASE(tells_what_is_too_large) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 4 * kMiB);
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 2 * kMiB)) == zimg::StoreOutcome::kTooLarge));
  BOOST_TEST((cache->store(key_of(1), entry_of(1, 800000)) == zimg::StoreOutcome::kStored));
}

// A reader that stands still keeps every page that is freed from being written again, so that the map fills to its last
// page whatever is evicted; and erasing takes pages too.
BOOST_AUTO_TEST_CASE(refuses_without_an_error_what_the_full_map_has_no_room_for) {
  constexpr std::uint64_t kPinned = 12;
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 4 * kMiB);
  for (std::uint64_t number = 0; number < kPinned; ++number) {
    zimg::CacheEntry entry = entry_of(number, 1000);
    entry.info.is_pinned = true;
    BOOST_REQUIRE((cache->store(key_of(number), entry) == zimg::StoreOutcome::kStored));
  }
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  const auto environment = zimg::cache::share_environment(options);
  std::optional<zimg::cache::Environment::Reading> reading(std::in_place, *environment);
  std::uint64_t number = kPinned;
  for (const std::size_t size : {400000, 60000, 3000, 10}) {
    while (cache->store(key_of(number), entry_of(number, size)) == zimg::StoreOutcome::kStored) ++number;
  }
  BOOST_TEST(number > kPinned);
  for (std::uint64_t old = 0; old < kPinned; ++old) {
    BOOST_REQUIRE(cache->contains(key_of(old)));
    BOOST_TEST((cache->store(key_of(old), entry_of(100 + old, 1000)) == zimg::StoreOutcome::kTooFull));
    BOOST_TEST(!cache->find(key_of(old)).has_value());
    BOOST_TEST(!cache->peek(key_of(old)).has_value());
    BOOST_TEST(!cache->contains(key_of(old)));
    BOOST_TEST(!cache->pin(key_of(old), false));
  }
  const zimg::CacheKey last = key_of(kPinned - 1);
  BOOST_TEST(environment->tables().header(reading->txn(), last).has_value());
  BOOST_TEST(environment->is_withdrawn(last));  // not even erased: there was no room
  BOOST_CHECK_THROW(cache->erase(last), zimg::Error);
  reading.reset();
  BOOST_TEST((cache->store(key_of(number), entry_of(number, 1000)) == zimg::StoreOutcome::kStored));
  BOOST_TEST(!environment->is_withdrawn(last));
  reading.emplace(*environment);
  for (std::uint64_t old = 0; old < kPinned; ++old) {
    BOOST_TEST(!environment->tables().header(reading->txn(), key_of(old)).has_value());
  }
  reading.reset();
  BOOST_TEST((cache->store(last, entry_of(200, 1000)) == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->find(last)->info.seed == entry_of(200, 1000).info.seed);
  BOOST_TEST(cache->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE(gives_up_when_another_process_keeps_writing) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  zimg::cache::FileLock other(folder.path("store/writer.lock"));  // a descriptor of its own, as a process has
  BOOST_REQUIRE(other.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  const auto start = std::chrono::steady_clock::now();
  const std::string sentence = failure(ErrorCode::kCache, [&] { cache->store(key_of(2), entry_of(2, 1000)); });
  const auto waited = std::chrono::steady_clock::now() - start;
  BOOST_TEST(contains(sentence, "100 ms"));
  BOOST_TEST((waited >= std::chrono::milliseconds(100)));
  BOOST_TEST((waited < std::chrono::milliseconds(1000)));
  BOOST_TEST(cache->find(key_of(1)).has_value());  // a hit does not wait for it
  other.release();
  BOOST_TEST((cache->store(key_of(2), entry_of(2, 1000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(is_closed_in_a_forked_child_which_may_open_its_own) {
  const TemporaryFolder folder;
  auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  const int status = in_child([&]() -> int {
    const auto is_closed = [&](auto&& call) {
      try {
        call();
      } catch (const zimg::Error& error) {
        return error.code() == ErrorCode::kClosed;
      }
      return false;
    };
    if (!is_closed([&] { cache->find(key_of(1)); })) return 1;
    if (!is_closed([&] { cache->store(key_of(2), entry_of(2, 10)); })) return 2;
    if (!is_closed([&] { cache->erase(key_of(1)); })) return 3;
    if (!is_closed([&] { cache->stats(); })) return 4;
    if (!is_closed([&] { cache->list([](const auto&, const auto&, auto) { return true; }); })) return 5;
    if (!is_closed([&] { cache->verify({}); })) return 6;
    if (!is_closed([&] { cache->store_all({{key_of(2), entry_of(2, 10)}}); })) return 9;
    if (!is_closed([&] { cache->erase_if([](const auto&, const auto&, auto) { return true; }); })) return 10;
    const auto own = open(folder.path("store"));
    cache.reset();
    if (!own->find(key_of(1))) return 7;
    return own->store(key_of(3), entry_of(3, 1000)) == zimg::StoreOutcome::kStored ? 0 : 8;
  });
  BOOST_TEST(status == 0);
  BOOST_TEST(cache->find(key_of(3)).has_value());
  BOOST_TEST((cache->store(key_of(4), entry_of(4, 1000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(counts_no_peek) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 10));
  BOOST_TEST(cache->peek(key_of(1)).has_value());
  BOOST_TEST(!cache->peek(key_of(2)).has_value());
  BOOST_TEST(cache->stats().hits + cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_every_call_once_it_is_closed) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  const auto other = open(folder.path("store"));
  cache->store(key_of(1), entry_of(1, 1000));
  cache->close();
  cache->close();
  const auto say = [&](auto&& call) { return contains(failure(ErrorCode::kClosed, call), "was closed"); };
  BOOST_TEST(say([&] { cache->find(key_of(1)); }));
  BOOST_TEST(say([&] { cache->store(key_of(2), entry_of(2, 10)); }));
  BOOST_TEST(say([&] { cache->store_all({{key_of(2), entry_of(2, 10)}}); }));
  BOOST_TEST(say([&] { cache->erase(key_of(1)); }));
  BOOST_TEST(say([&] { cache->erase_if([](const auto&, const auto&, auto) { return true; }); }));
  BOOST_TEST(say([&] { cache->list([](const auto&, const auto&, auto) { return true; }); }));
  BOOST_TEST(say([&] { cache->verify({}); }));
  BOOST_TEST(say([&] { cache->stats(); }));
  BOOST_TEST(contains(cache->description(), folder.path("store")));
  BOOST_TEST(other->find(key_of(1)).has_value());  // another handle is another matter
}

BOOST_AUTO_TEST_CASE(adds_what_it_counted_when_it_is_closed_and_only_then) {
  const TemporaryFolder folder;
  auto cache = open(folder.path("store"), 16 * kMiB);
  const auto other = open(folder.path("store"));
  cache->store(key_of(1), entry_of(1, 1000));
  for (int i = 0; i < 7; ++i) cache->find(key_of(1));
  cache->find(key_of(2));
  cache->close();
  const auto expect_counts = [&] {
    const zimg::CacheStats stats = other->stats();
    BOOST_TEST(stats.stores == 1u);
    BOOST_TEST(stats.hits == 7u);
    BOOST_TEST(stats.misses == 1u);
  };
  expect_counts();
  cache.reset();
  expect_counts();
}

BOOST_AUTO_TEST_CASE(closes_after_the_calls_in_flight) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 64 * kMiB);
  std::atomic<int> inside{0};
  std::atomic<int> finished{0};
  std::atomic<int> closed{0};
  std::atomic<int> others{0};
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 1000; ++i) {
        try {
          ++inside;
          if (i % 5 == 0) cache->store(key_of(t * 1000 + i), entry_of(i, 50000));
          cache->find(key_of(t * 1000 + i / 5 * 5));
          ++finished;
        } catch (const zimg::Error& error) {
          ++(error.code() == ErrorCode::kClosed ? closed : others);
          return;
        }
      }
    });
  }
  while (finished < 20) std::this_thread::yield();
  cache->close();
  BOOST_TEST(open(folder.path("store"), 32 * kMiB)->verify({}).damaged == 0u);  // resized: nobody has it open
  for (auto& thread : threads) thread.join();
  BOOST_TEST(closed == 4);
  BOOST_TEST(others == 0);
  BOOST_TEST(inside == finished + closed);
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_of_something_else_and_leaves_it_alone) {
  const TemporaryFolder folder;
  write_text(folder.path("letter.txt"), "dear reader");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(folder.path()); }), "zimg did not make"));
  const TemporaryFolder foreign;
  write_text(foreign.path("data.mdb"), "another program's");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(foreign.path()); }), "LMDB database"));
  for (const TemporaryFolder* untouched : {&folder, &foreign}) {
    BOOST_TEST(std::distance(fs::directory_iterator(untouched->path()), fs::directory_iterator()) == 1);
  }
  write_text(folder.path("file"), "");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(folder.path("file")); }), "not a folder"));
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open("/proc/zimg/store"); }), "/proc/zimg"));
}

BOOST_AUTO_TEST_CASE(refuses_a_newer_or_damaged_store_and_leaves_it_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 1000));
  write_text(path + "/zimg-store", "zimg-store\nschema 2\nlayout of the future\n");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(path); }), "schema 2"));
  write_text(path + "/zimg-store", "zimg-store\nschema 1\nsize 12\n");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(path); }), "damaged"));
  write_text(path + "/zimg-store", "");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(path); }), "damaged"));
  write_text(path + "/zimg-store", "zimg-store\nschema 1\nsize 16777216\n");
  BOOST_TEST(open(path)->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(begins_anew_where_the_data_file_is_gone_or_the_making_was_cut_short) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 1000));
  fs::remove(path + "/data.mdb");
  BOOST_TEST(open(path)->stats().entries == 0u);
  BOOST_TEST(open(path)->stats().capacity_bytes == 16 * kMiB);
  fs::remove(path + "/zimg-store");  // the last file that the making of a store writes
  write_text(path + "/data.mdb", "half of a page");
  const auto cache = open(path, 8 * kMiB);
  BOOST_TEST((cache->store(key_of(2), entry_of(2, 1000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(notices_when_its_files_go_while_it_is_open) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  const auto cache = open(path, 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  fs::remove(path + "/data.mdb");
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { cache->find(key_of(1)); }), "was removed"));
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { cache->store(key_of(1), entry_of(1, 9)); }), "was removed"));
}

BOOST_AUTO_TEST_CASE(waits_for_nobody_who_has_the_store_for_himself) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB);
  zimg::cache::FileLock alone(path + "/users.lock");
  BOOST_REQUIRE(alone.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  BOOST_TEST(contains(failure(ErrorCode::kCache, [&] { open(path); }), "for itself"));
  alone.release();
  BOOST_TEST(open(path)->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_options_that_make_no_sense) {
  const TemporaryFolder folder;
  BOOST_TEST(contains(failure(ErrorCode::kInvalidArgument, [&] { open(""); }), "path"));
  BOOST_TEST(contains(failure(ErrorCode::kInvalidArgument, [&] { open(folder.path("s"), 1000); }), "4 MiB"));
  BOOST_TEST(contains(failure(ErrorCode::kInvalidArgument, [&] { open(folder.path("s"), 1ull << 60); }), "16 TiB"));
  BOOST_TEST(!fs::exists(folder.path("s")));
}

// What cannot be written is tried as a user without rights, because root may write everything.
BOOST_AUTO_TEST_CASE(says_so_when_it_may_not_write) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 1000));
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(path, fs::perms(0555));
  for (const auto& file : fs::directory_iterator(path)) fs::permissions(file.path(), fs::perms(0444));
  const int status = in_child([&]() -> int {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) return 1;
    try {
      open(path);
      return 2;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache || !contains(error.what(), "Permission denied")) return 3;
    }
    try {
      open(folder.path("other"), 16 * kMiB);
      return ::geteuid() == kNobody ? 4 : 0;  // who owns the folder may write there
    } catch (const zimg::Error& error) {
      return error.code() == ErrorCode::kCache && contains(error.what(), "Permission denied") ? 0 : 5;
    }
  });
  BOOST_TEST(status == 0);
}

// A limit on the size of files stands for a disk that takes no more.
BOOST_AUTO_TEST_CASE(leaves_nothing_behind_where_a_store_cannot_be_made) {
  const TemporaryFolder folder;
  const int status = in_child([&]() -> int {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{kMiB, kMiB};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    try {
      open(folder.path("store"), 16 * kMiB);
      return 2;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache) return 3;
    }
    return fs::exists(folder.path("store/data.mdb")) || fs::exists(folder.path("store/zimg-store")) ? 4 : 0;
  });
  BOOST_TEST(status == 0);
  BOOST_TEST((open(folder.path("store"), 16 * kMiB)->store(key_of(1), entry_of(1, 9)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(loses_nothing_when_a_store_fails_half_way) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 100000));
  const int status = in_child([&]() -> int {
    const auto cache = open(path);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300000, 300000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    try {
      cache->store(key_of(2), entry_of(2, 1000000));
      return 2;
    } catch (const zimg::Error& error) {
      if (error.code() != ErrorCode::kCache) return 3;
    }
    if (cache->find(key_of(2))) return 4;
    return cache->find(key_of(1)) ? 0 : 5;
  });
  BOOST_TEST(status == 0);
  const auto cache = open(path);
  BOOST_TEST(cache->find(key_of(1)).has_value());
  BOOST_TEST(cache->stats().entries == 1u);
  BOOST_TEST((cache->store(key_of(2), entry_of(2, 1000000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_SUITE_END()
