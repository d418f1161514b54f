// The folder of an LMDB cache: how it is made, held, shared and refused.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cache/lmdb/file_lock.hpp"
#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/lmdb_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using icache_contract::entry_of;
using icache_contract::key_of;
using lmdb_fixture::contains;
using lmdb_fixture::kMiB;
using lmdb_fixture::open;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::in_child;
using zimg_test::TemporaryFolder;

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

}  // namespace

BOOST_AUTO_TEST_SUITE(lmdb_folder)

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
  expect_error(ErrorCode::kCache, {"cannot be resized"}, [&] { open(folder.path("store"), 32 * kMiB); });
}

BOOST_AUTO_TEST_CASE(goes_by_the_path_that_it_was_given_whoever_opened_the_store_first) {
  const TemporaryFolder folder;
  open(folder.path("store"), 16 * kMiB);
  fs::create_symlink(folder.path("store"), folder.path("alias"));
  const auto alias = open(folder.path("alias"));
  const auto cache = open(folder.path("store"));
  cache->store(key_of(1), entry_of(1, 1000));
  fs::remove(folder.path("alias"));
  BOOST_TEST((cache->claim_drawing(key_of(2)).state == zimg::DrawingClaim::State::kHeld));
  BOOST_TEST(cache->verify({}).entries == 1u);
  BOOST_TEST(cache->description() == "lmdb:" + folder.path("store"));
  expect_error(ErrorCode::kCache, {"was moved or removed", "alias"}, [&] { alias->verify({}); });
}

// What it counted goes with its own folder.
BOOST_AUTO_TEST_CASE(leaves_nothing_in_a_folder_that_came_to_its_place) {
  for (const bool is_moved : {false, true}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("store");
    auto cache = open(path, 16 * kMiB);
    cache->store(key_of(1), entry_of(1, 1000));
    cache->find(key_of(1));
    if (is_moved) {
      fs::rename(path, folder.path("elsewhere"));
    } else {
      fs::remove_all(path);
    }
    fs::create_directory(path);
    cache.reset();
    BOOST_TEST(fs::is_empty(path));
    BOOST_TEST(open(path, 16 * kMiB)->stats().hits == 0u);
    if (is_moved) BOOST_TEST(open(folder.path("elsewhere"))->stats().hits == 1u);
  }
}

// Earlier releases left counts in such a folder, which nobody could use from then on.
BOOST_AUTO_TEST_CASE(takes_a_folder_that_holds_nothing_but_counts) {
  const TemporaryFolder folder;
  open(folder.path("old"), 16 * kMiB)->find(key_of(1));
  for (const bool is_whole : {true, false}) {
    const std::string path = folder.path(is_whole ? "whole" : "empty");
    fs::create_directory(path);
    if (is_whole) fs::copy(folder.path("old/usage"), path);
    if (!is_whole) write_text(path + "/usage", "");
    BOOST_TEST(open(path, 16 * kMiB)->stats().misses == (is_whole ? 1u : 0u));
  }
  const TemporaryFolder foreign;
  write_text(foreign.path("usage"), "how to use what else lies here");
  expect_error(ErrorCode::kCache, {"zimg did not make"}, [&] { open(foreign.path()); });
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
    expect_error(ErrorCode::kCache, {"was moved or removed"}, [&] { old->verify({}); });
    expect_error(ErrorCode::kCache, {"was moved or removed"}, [&] { old->claim_drawing(key_of(4)); });
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

BOOST_AUTO_TEST_CASE(refuses_a_folder_of_something_else_and_leaves_it_alone) {
  const TemporaryFolder folder;
  write_text(folder.path("letter.txt"), "dear reader");
  expect_error(ErrorCode::kCache, {"zimg did not make"}, [&] { open(folder.path()); });
  const TemporaryFolder foreign;
  write_text(foreign.path("data.mdb"), "another program's");
  expect_error(ErrorCode::kCache, {"LMDB database"}, [&] { open(foreign.path()); });
  for (const TemporaryFolder* untouched : {&folder, &foreign}) {
    BOOST_TEST(std::distance(fs::directory_iterator(untouched->path()), fs::directory_iterator()) == 1);
  }
  write_text(folder.path("file"), "");
  expect_error(ErrorCode::kCache, {"not a folder"}, [&] { open(folder.path("file")); });
  expect_error(ErrorCode::kCache, {"/proc/zimg"}, [&] { open("/proc/zimg/store"); });
}

BOOST_AUTO_TEST_CASE(refuses_a_newer_or_damaged_store_and_leaves_it_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB)->store(key_of(1), entry_of(1, 1000));
  write_text(path + "/zimg-store", "zimg-store\nschema 2\nlayout of the future\n");
  expect_error(ErrorCode::kCache, {"schema 2"}, [&] { open(path); });
  write_text(path + "/zimg-store", "zimg-store\nschema 1\nsize 12\n");
  expect_error(ErrorCode::kCache, {"damaged"}, [&] { open(path); });
  write_text(path + "/zimg-store", "");
  expect_error(ErrorCode::kCache, {"damaged"}, [&] { open(path); });
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
  expect_error(ErrorCode::kCache, {"was removed"}, [&] { cache->find(key_of(1)); });
  expect_error(ErrorCode::kCache, {"was removed"}, [&] { cache->store(key_of(1), entry_of(1, 9)); });
}

// Others who open the store would make new ones, and neither would know of the other.
BOOST_AUTO_TEST_CASE(writes_no_more_once_its_lock_files_are_gone) {
  for (const std::string name : {"/open.lock", "/users.lock", "/writer.lock", "/lock.mdb"}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("store");
    auto cache = open(path, 16 * kMiB);
    cache->store(key_of(1), entry_of(1, 1000));
    fs::remove(path + name);
    expect_error(ErrorCode::kCache, {"lock files", path}, [&] { cache->store(key_of(2), entry_of(2, 9)); });
    expect_error(ErrorCode::kCache, {"lock files", path}, [&] {
      cache->store_all({{key_of(2), entry_of(2, 9)}, {key_of(3), entry_of(3, 9)}});
    });
    expect_error(ErrorCode::kCache, {"lock files", path}, [&] { cache->erase(key_of(1)); });
    if (name == "/lock.mdb") {  // LMDB's table of readers: writers would not know what is being read
      expect_error(ErrorCode::kCache, {"lock files", path}, [&] { cache->find(key_of(1)); });
    } else {
      BOOST_TEST(cache->find(key_of(1)).has_value());
      BOOST_TEST(!cache->find(key_of(2)).has_value());
    }
    cache.reset();
    cache = open(path);
    BOOST_TEST((cache->store(key_of(2), entry_of(2, 9)) == zimg::StoreOutcome::kStored));
    BOOST_TEST(cache->find(key_of(1)).has_value());
  }
}

// What was committed then may be lost, and so it is not said to be done.
BOOST_AUTO_TEST_CASE(notices_when_its_lock_files_go_while_it_writes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  const auto cache = open(path, 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  expect_error(ErrorCode::kCache, {"lock files"},
               [&] { cache->erase_if([&](const auto&...) { return fs::remove(path + "/users.lock"); }); });
}

BOOST_AUTO_TEST_CASE(waits_for_nobody_who_has_the_store_for_himself) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, 16 * kMiB);
  zimg::cache::FileLock alone(path + "/users.lock");
  BOOST_REQUIRE(alone.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds(0)));
  expect_error(ErrorCode::kCache, {"for itself"}, [&] { open(path); });
  alone.release();
  BOOST_TEST(open(path)->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_options_that_make_no_sense) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::kInvalidArgument, {"path"}, [&] { open(""); });
  expect_error(ErrorCode::kInvalidArgument, {"4 MiB"}, [&] { open(folder.path("s"), 1000); });
  expect_error(ErrorCode::kInvalidArgument, {"16 TiB"}, [&] { open(folder.path("s"), 1ull << 60); });
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

BOOST_AUTO_TEST_SUITE_END()
