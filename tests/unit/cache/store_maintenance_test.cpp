#include "zimg/store_maintenance.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "cache/lmdb/file_lock.hpp"
#include "cache/lmdb/store_folder.hpp"
#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/data_file.hpp"

namespace {

namespace fs = std::filesystem;
using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::ErrorCode;
using zimg_test::DataFile;
using zimg_test::expect_error;
using zimg_test::TemporaryFolder;

constexpr std::uint64_t kMiB = 1u << 20;

zimg::LmdbOptions store_at(const std::string& path, std::uint64_t capacity_bytes = 0) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  return options;
}

// A store of `count` pictures, the first of them with number 1.
void fill(const std::string& path, std::uint64_t count, std::size_t size) {
  const auto cache = zimg::open_lmdb_cache(store_at(path, 32 * kMiB));
  std::vector<zimg::KeyedEntry> entries;
  for (std::uint64_t i = 1; i <= count; ++i) entries.push_back({key_of(i), entry_of(i, size)});
  cache->store_all(entries);
}

std::uint64_t found_in(const std::string& path, std::uint64_t count, std::size_t size) {
  const auto cache = zimg::open_lmdb_cache(store_at(path));
  std::uint64_t found = 0;
  for (std::uint64_t i = 1; i <= count; ++i) {
    const auto entry = cache->find(key_of(i));
    if (!entry) continue;
    ++found;
    BOOST_TEST((*entry->payload == *entry_of(i, size).payload));
  }
  return found;
}

// Where `payload` of entry_of(number, size) lies in data.mdb, 70,000 octets behind its beginning.
void damage_payload(const std::string& path, std::uint64_t number, std::size_t size) {
  const auto payload = *entry_of(number, size).payload;
  const DataFile data(path);
  const std::size_t at = data.read(8 * kMiB).find(std::string(payload.begin() + 70000, payload.begin() + 70032));
  BOOST_REQUIRE(at != std::string::npos);
  data.write(at, "damage");
}

// Sends `signal` to the child processes of the first thread, which the tests run on.
void signal_children(int signal) {
  std::ifstream children("/proc/" + std::to_string(::getpid()) + "/task/" + std::to_string(::getpid()) + "/children");
  for (pid_t child = 0; children >> child;) ::kill(child, signal);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_maintenance)

BOOST_AUTO_TEST_CASE(verifies_a_store_that_is_in_use_and_erases_what_is_damaged) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 20, 100000);
  damage_payload(path, 7, 100000);
  const auto user = zimg::open_lmdb_cache(store_at(path));
  const zimg::VerifyReport report = zimg::verify_lmdb_store(store_at(path));
  BOOST_TEST(report.total == 20u);
  BOOST_TEST(report.entries == 20u);
  BOOST_TEST(report.damaged == 1u);
  BOOST_TEST(report.payload_bytes == 1900000u);
  BOOST_TEST(report.unreadable + report.tree_damages == 0u);
  BOOST_TEST(user->stats().entries == 19u);
  BOOST_TEST(user->stats().corrupt == 1u);
  BOOST_TEST(zimg::verify_lmdb_store(store_at(path)).damaged == 0u);
  BOOST_TEST(zimg::verify_lmdb_store(store_at(path), [](const auto&) { return false; }).entries == 1u);
}

// The checksum finds accidents; what it was made to fit, the digest finds.
BOOST_AUTO_TEST_CASE(verifies_by_the_digest_as_well) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  {
    zimg::CacheEntry entry = entry_of(1, 5000);
    entry.info.payload_sha256.fill(7);
    zimg::open_lmdb_cache(store_at(path, 8 * kMiB))->store(key_of(1), entry);
  }
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->find(key_of(1)).has_value());
  BOOST_TEST(zimg::verify_lmdb_store(store_at(path)).damaged == 1u);
  BOOST_TEST(!zimg::open_lmdb_cache(store_at(path))->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(goes_on_behind_the_place_where_reading_it_is_deadly) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 60, 100000);
  const zimg::VerifyReport report = zimg::verify_lmdb_store(store_at(path), [](const zimg::VerifyReport& so_far) {
    if (so_far.entries == 5) signal_children(SIGSEGV);
    return true;
  });
  BOOST_TEST(report.damaged == 0u);
  BOOST_TEST(report.entries > 50u);
  const auto cache = zimg::open_lmdb_cache(store_at(path));
  BOOST_TEST(cache->stats().entries == 60u);
  int deaths = 0;
  BOOST_TEST(cache
                 ->verify([&](const zimg::VerifyReport& so_far) {
                   if (so_far.entries % 20 == 5 && ++deaths < 3) signal_children(SIGABRT);
                   return true;
                 })
                 .entries > 50u);
}

BOOST_AUTO_TEST_CASE(blames_nothing_on_the_store_when_somebody_kills_the_reader) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 60, 100000);
  expect_error(ErrorCode::kCache, {path, "ended from outside (signal 9)"}, [&] {
    zimg::verify_lmdb_store(store_at(path), [](const zimg::VerifyReport&) {
      signal_children(SIGKILL);
      return true;
    });
  });
  std::atomic<bool> is_over = false;
  std::thread killer([&] {
    while (!is_over) signal_children(SIGTERM);
  });
  expect_error(ErrorCode::kCache, {path, "ended from outside (signal 15)"},
               [&] { zimg::rebuild_lmdb_store(store_at(path)); });
  is_over = true;
  killer.join();
  BOOST_TEST(found_in(path, 60, 100000) == 60u);
}

BOOST_AUTO_TEST_CASE(rebuilds_a_sound_store_as_it_was) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 40, 100000);
  {
    const auto cache = zimg::open_lmdb_cache(store_at(path));
    for (std::uint64_t i = 1; i <= 30; ++i) cache->erase(key_of(i));
  }
  const zimg::RebuildReport report = zimg::rebuild_lmdb_store(store_at(path));
  BOOST_TEST(report.entries == 10u);
  BOOST_TEST(report.payload_bytes == 1000000u);
  BOOST_TEST(report.lost == 0u);
  BOOST_TEST(report.tree_damages == 0u);
  BOOST_TEST(report.disk_bytes_after * 2 < report.disk_bytes_before);  // what the erased ones took is given back
  BOOST_TEST(found_in(path, 40, 100000) == 10u);
  BOOST_TEST(!fs::exists(path + "/rebuild"));
  const auto cache = zimg::open_lmdb_cache(store_at(path));
  BOOST_TEST(cache->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(cache->stats().payload_bytes == 1000000u);
  BOOST_TEST((cache->store(key_of(99), entry_of(99, 5000)) == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->verify({}).entries == 11u);
}

BOOST_AUTO_TEST_CASE(keeps_pins_tags_and_the_order_of_age) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  {
    const auto cache = zimg::open_lmdb_cache(store_at(path, 16 * kMiB));
    for (std::uint64_t i = 9; i >= 1; --i) {
      zimg::CacheEntry entry = entry_of(i, 1000);
      entry.info.is_pinned = i == 3;
      entry.info.tag = "tag " + std::to_string(i);
      cache->store(key_of(i), entry);
    }
  }
  zimg::rebuild_lmdb_store(store_at(path));
  const auto cache = zimg::open_lmdb_cache(store_at(path));
  for (std::uint64_t i = 1; i <= 9; ++i) {
    const auto found = cache->find(key_of(i));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->info.tag == "tag " + std::to_string(i));
    BOOST_TEST(found->info.is_pinned == (i == 3));
  }
}

BOOST_AUTO_TEST_CASE(leaves_behind_what_is_damaged) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 20, 100000);
  damage_payload(path, 7, 100000);
  const zimg::RebuildReport report = zimg::rebuild_lmdb_store(store_at(path));
  BOOST_TEST(report.lost == 1u);
  BOOST_TEST(report.entries == 19u);
  BOOST_TEST(found_in(path, 20, 100000) == 19u);
}

// Pages of the tree turned into noise, one at a time: most of the pictures are saved, none is wrong, nobody dies.
BOOST_AUTO_TEST_CASE(saves_what_can_be_read_where_a_page_of_the_tree_is_noise) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  constexpr std::uint64_t kEntries = 300;
  constexpr std::size_t kSize = 3000;
  fill(path, kEntries, kSize);
  const std::uint64_t used = zimg::open_lmdb_cache(store_at(path))->stats().used_bytes;
  const std::string sound = DataFile(path).read(used);
  int refused = 0;
  int partly = 0;
  int told = 0;
  std::mt19937 random(5);
  for (int trial = 0; trial < 40; ++trial) {
    {
      const DataFile data(path);
      data.write(0, sound);
      std::string noise(4096, '\0');
      for (char& octet : noise) octet = static_cast<char>(random());
      data.write((2 + random() % (used / 4096 - 2)) * 4096, noise);
    }
    const std::string copy = folder.path("copy");
    fs::remove_all(copy);
    fs::copy(path, copy);
    try {
      const zimg::VerifyReport verified = zimg::verify_lmdb_store(store_at(copy));
      told += verified.tree_damages > 0 ? 1 : 0;
      BOOST_TEST(verified.entries <= kEntries);
    } catch (const zimg::Error& error) {
      BOOST_TEST((error.code() == ErrorCode::kCache), error.what());
    }
    fs::remove_all(copy);
    fs::copy(path, copy);
    try {
      const zimg::RebuildReport report = zimg::rebuild_lmdb_store(store_at(copy));
      BOOST_TEST(found_in(copy, kEntries, kSize) == report.entries);
      partly += report.entries < kEntries && report.entries > kEntries / 2 ? 1 : 0;
    } catch (const zimg::Error& error) {  // a page that leads to all others
      BOOST_TEST((error.code() == ErrorCode::kCache), error.what());
      ++refused;
    }
  }
  BOOST_TEST(partly > 10);
  BOOST_TEST(told > 0);
  BOOST_TEST(refused < 10);
}

BOOST_AUTO_TEST_CASE(saves_everything_where_the_marker_alone_is_damaged) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 10, 1000);
  for (const char* marker : {"", "noise", "zimg-store\nschema 1\nsize 1\n"}) {
    std::ofstream(path + "/zimg-store", std::ios::trunc) << marker;
    expect_error(ErrorCode::kCache, {path, "is damaged", "--rebuild"}, [&] { zimg::open_lmdb_cache(store_at(path)); });
    BOOST_TEST(zimg::rebuild_lmdb_store(store_at(path)).entries == 10u);
    BOOST_TEST(found_in(path, 10, 1000) == 10u);
    BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 32 * kMiB);
  }
  std::ofstream(path + "/zimg-store", std::ios::trunc) << "noise";
  BOOST_TEST(zimg::rebuild_lmdb_store(store_at(path, 64 * kMiB)).entries == 10u);
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 64 * kMiB);

  // What a newer zimg made is not damaged.
  std::ofstream(path + "/zimg-store", std::ios::trunc) << "zimg-store\nschema 99\nsize 33554432\n";
  expect_error(ErrorCode::kCache, {"schema 99"}, [&] { zimg::rebuild_lmdb_store(store_at(path)); });
  // Where the data does not tell the size either, there is nothing to go by.
  std::ofstream(path + "/zimg-store", std::ios::trunc) << "noise";
  fs::resize_file(path + "/data.mdb", 100);
  expect_error(ErrorCode::kCache, {path, "zimg-store' is damaged"}, [&] { zimg::rebuild_lmdb_store(store_at(path)); });
}

BOOST_AUTO_TEST_CASE(grows_and_shrinks) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 60, 100000);
  {
    const auto cache = zimg::open_lmdb_cache(store_at(path));
    for (std::uint64_t i = 1; i <= 50; ++i) cache->erase(key_of(i));
  }
  zimg::resize_lmdb_store(store_at(path, 8 * kMiB));  // its pages reach up to six megabytes; the live ones do not
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 8 * kMiB);
  BOOST_TEST(fs::file_size(path + "/data.mdb") == 8 * kMiB);
  BOOST_TEST(found_in(path, 60, 100000) == 10u);
  zimg::resize_lmdb_store(store_at(path, 64 * kMiB));
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 64 * kMiB);
  BOOST_TEST(found_in(path, 60, 100000) == 10u);
}

BOOST_AUTO_TEST_CASE(refuses_a_size_that_would_lose_pictures) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 60, 100000);
  expect_error(ErrorCode::kCache, {path, "more than fits"}, [&] { zimg::resize_lmdb_store(store_at(path, 4 * kMiB)); });
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 32 * kMiB);
  BOOST_TEST(found_in(path, 60, 100000) == 60u);
  BOOST_TEST(!fs::exists(path + "/rebuild"));
}

BOOST_AUTO_TEST_CASE(refuses_while_the_store_is_in_use) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  auto cache = zimg::open_lmdb_cache(store_at(path));
  expect_error(ErrorCode::kCache, {path, "in use"}, [&] { zimg::rebuild_lmdb_store(store_at(path)); });
  expect_error(ErrorCode::kCache, {path}, [&] { zimg::resize_lmdb_store(store_at(path, 8 * kMiB)); });
  expect_error(ErrorCode::kCache, {path}, [&] { zimg::resize_lmdb_store(store_at(path, 64 * kMiB)); });
  BOOST_TEST(cache->find(key_of(1)).has_value());
  cache->close();
  BOOST_TEST(zimg::rebuild_lmdb_store(store_at(path)).entries == 3u);
}

// Another process grows the store while this one waits to have it for itself.
BOOST_AUTO_TEST_CASE(takes_the_size_that_the_store_has_once_it_is_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  zimg::cache::FileLock opening(path + "/open.lock");
  BOOST_REQUIRE(opening.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  auto rebuilt = std::async(std::launch::async, [&] { return zimg::rebuild_lmdb_store(store_at(path)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // by then it waits for the lock
  const zimg::cache::StoreFolder store(path);
  store.size_data_file(64 * kMiB);
  store.write_marker(64 * kMiB);
  opening.release();
  BOOST_TEST(rebuilt.get().entries == 3u);
  BOOST_TEST(found_in(path, 3, 1000) == 3u);
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().capacity_bytes == 64 * kMiB);
}

// As any failure to look would: the store is not taken for an unfinished one and made anew.
BOOST_AUTO_TEST_CASE(does_not_begin_anew_where_the_data_cannot_be_looked_at) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  fs::rename(path + "/data.mdb", folder.path("kept"));
  fs::create_symlink("data.mdb", path + "/data.mdb");  // leads to itself
  expect_error(ErrorCode::kCache, {"cannot look at", "data.mdb"}, [&] { zimg::open_lmdb_cache(store_at(path)); });
  BOOST_TEST(fs::is_symlink(path + "/data.mdb"));
  fs::rename(folder.path("kept"), path + "/data.mdb");
  BOOST_TEST(found_in(path, 3, 1000) == 3u);
}

BOOST_AUTO_TEST_CASE(tells_others_that_the_store_is_taken) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  int calls = 0;
  zimg::rebuild_lmdb_store(store_at(path), [&](const zimg::RebuildReport&) {
    ++calls;
    expect_error(ErrorCode::kCache, {"for itself"}, [&] { zimg::open_lmdb_cache(store_at(path)); });
    return true;
  });
  BOOST_TEST(calls > 0);
}

BOOST_AUTO_TEST_CASE(stops_when_told_and_leaves_the_store_as_it_was) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  expect_error(ErrorCode::kCancelled, {path},
               [&] { zimg::rebuild_lmdb_store(store_at(path), [](const zimg::RebuildReport&) { return false; }); });
  BOOST_TEST(found_in(path, 3, 1000) == 3u);
  BOOST_TEST(!fs::exists(path + "/rebuild"));
}

// Somebody may have opened it with another lock file since, and stored a picture.
BOOST_AUTO_TEST_CASE(is_not_rebuilt_where_its_lock_file_goes_meanwhile) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  expect_error(ErrorCode::kCache, {path, "lock files"}, [&] {
    zimg::rebuild_lmdb_store(store_at(path),
                             [&](const zimg::RebuildReport&) { return fs::remove(path + "/users.lock"); });
  });
  BOOST_TEST(found_in(path, 3, 1000) == 3u);
}

BOOST_AUTO_TEST_CASE(clears_away_what_a_killed_rebuild_left) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  fill(path, 3, 1000);
  fs::create_directory(path + "/rebuild");
  std::ofstream(path + "/rebuild/data.mdb") << "half a store";
  BOOST_TEST(found_in(path, 3, 1000) == 3u);
  BOOST_TEST(!fs::exists(path + "/rebuild"));
}

BOOST_AUTO_TEST_CASE(tells_what_is_no_store) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::kNotFound, {"absent"}, [&] { zimg::rebuild_lmdb_store(store_at(folder.path("absent"))); });
  expect_error(ErrorCode::kNotFound, {"absent"}, [&] { zimg::verify_lmdb_store(store_at(folder.path("absent"))); });
  expect_error(ErrorCode::kNotFound, {"absent"},
               [&] { zimg::resize_lmdb_store(store_at(folder.path("absent"), 8 * kMiB)); });
  BOOST_TEST(!fs::exists(folder.path("absent")));
  expect_error(ErrorCode::kInvalidArgument, {"path"}, [&] { zimg::rebuild_lmdb_store(store_at("")); });
  expect_error(ErrorCode::kInvalidArgument, {"size"}, [&] { zimg::resize_lmdb_store(store_at(folder.path("s"))); });
  expect_error(ErrorCode::kInvalidArgument, {"lmdb"}, [&] { zimg::lmdb_options("memory:"); });
  BOOST_TEST(zimg::lmdb_options("lmdb:/x/y?size=8MiB").path == "/x/y");
  BOOST_TEST(zimg::lmdb_options("lmdb:/x/y?size=8MiB").capacity_bytes == 8 * kMiB);
}

BOOST_AUTO_TEST_SUITE_END()
