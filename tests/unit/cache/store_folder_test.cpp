// Where a store may lie. This program's statfs and statvfs stand in for the C library's, so that a temporary folder is
// on whatever file system a case wants.
#include "cache/lmdb/store_folder.hpp"

#include <dlfcn.h>
#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "cache/lmdb/lmdb_error.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"
#include "zimg/cache.hpp"
#include "zimg/store_maintenance.hpp"

namespace {

std::uint32_t pretended_type = 0;  // of every file system; 0: what it is
std::uint64_t pretended_free = 0;  // bytes; 0: what it is
constexpr std::uint32_t kLustre = 0x0bd00bd0;

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

template <class Status>
int told_type(const char* name, const char* path, Status* status) {
  const int result = real<int(const char*, Status*)>(name)(path, status);
  if (result == 0 && pretended_type != 0) status->f_type = pretended_type;
  return result;
}

template <class Status>
int told_free(const char* name, const char* path, Status* status) {
  const int result = real<int(const char*, Status*)>(name)(path, status);
  if (result == 0 && pretended_free != 0) status->f_bavail = pretended_free / status->f_frsize;
  return result;
}

}  // namespace

#define ZIMG_STANDS_IN extern "C" __attribute__((visibility("default")))

ZIMG_STANDS_IN int statfs(const char* path, struct statfs* status) noexcept {
  return told_type("statfs", path, status);
}
ZIMG_STANDS_IN int statfs64(const char* path, struct statfs64* status) noexcept {
  return told_type("statfs64", path, status);
}
ZIMG_STANDS_IN int statvfs(const char* path, struct statvfs* status) noexcept {
  return told_free("statvfs", path, status);
}
ZIMG_STANDS_IN int statvfs64(const char* path, struct statvfs64* status) noexcept {
  return told_free("statvfs64", path, status);
}

namespace {

namespace fs = std::filesystem;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::TemporaryFolder;

struct Pretences {
  ~Pretences() {
    pretended_type = 0;
    pretended_free = 0;
  }
};

zimg::LmdbOptions store_at(const std::string& path, std::uint64_t capacity_bytes = 0) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  return options;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_folder, Pretences)

BOOST_AUTO_TEST_CASE(lies_on_no_network_file_system_unless_forced) {
  const TemporaryFolder folder;
  const std::string path = folder.path("deep/store");
  for (const auto& [type, name] : {std::pair<std::uint32_t, const char*>{NFS_SUPER_MAGIC, "NFS"},
                                   {SMB2_SUPER_MAGIC, "SMB"},
                                   {V9FS_MAGIC, "9P"},
                                   {CEPH_SUPER_MAGIC, "Ceph"},
                                   {kLustre, "Lustre"},
                                   {FUSE_SUPER_MAGIC, "FUSE"}}) {
    pretended_type = type;
    expect_error(ErrorCode::kCache, {path, name, "allow_network=1"}, [&] { zimg::open_lmdb_cache(store_at(path)); });
    expect_error(ErrorCode::kCache, {path, name}, [&] { zimg::open_cache("lmdb:" + path); });
    BOOST_TEST(!fs::exists(folder.path("deep")));
  }
  BOOST_TEST(zimg::open_cache("lmdb:" + path + "?size=8MiB&allow_network=1")->stats().capacity_bytes == 8u << 20);
  // Looking after it needs the same word.
  expect_error(ErrorCode::kCache, {path, "FUSE"}, [&] { zimg::verify_lmdb_store(store_at(path)); });
  expect_error(ErrorCode::kCache, {path, "FUSE"}, [&] { zimg::rebuild_lmdb_store(store_at(path)); });
  zimg::LmdbOptions forced = store_at(path);
  forced.allow_network_filesystem = true;
  BOOST_TEST(zimg::verify_lmdb_store(forced).entries == 0u);
  pretended_type = EXT4_SUPER_MAGIC;
  BOOST_TEST(zimg::open_lmdb_cache(store_at(path))->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(takes_a_tenth_of_the_free_disk_and_none_of_a_full_one) {
  const TemporaryFolder folder;
  pretended_free = 500u << 20;
  BOOST_TEST(zimg::open_lmdb_cache(store_at(folder.path("tenth")))->stats().capacity_bytes == 50u << 20);
  pretended_free = std::uint64_t{1} << 40;
  BOOST_TEST(zimg::open_lmdb_cache(store_at(folder.path("ten")))->stats().capacity_bytes == std::uint64_t{10} << 30);
  pretended_free = 30u << 20;
  expect_error(ErrorCode::kCache, {folder.path("full"), "nearly full"},
               [&] { zimg::open_lmdb_cache(store_at(folder.path("full"))); });
  BOOST_TEST(!fs::exists(folder.path("full") + "/zimg-store"));
  BOOST_TEST(!fs::exists(folder.path("full") + "/data.mdb"));
  BOOST_TEST(zimg::open_lmdb_cache(store_at(folder.path("full"), 4u << 20))->stats().capacity_bytes == 4u << 20);
}

// LMDB tells of a disk that took a part of a write as if the disk had failed.
BOOST_AUTO_TEST_CASE(tells_a_full_disk_from_one_that_fails) {
  const TemporaryFolder folder;
  const auto told = [&](int code) {
    return std::string(zimg::cache::to_error(zimg::cache::LmdbFailure(code, "commit"), folder.path()).what());
  };
  const std::string start = "cannot commit in the store '" + folder.path() + "': ";
  pretended_free = 500u << 20;
  BOOST_TEST(told(EIO) == start + "Input/output error");
  pretended_free = 4096;
  BOOST_TEST(told(EIO) == start + "the disk is full");
  BOOST_TEST(told(EACCES) == start + "its files may not be written");
}

BOOST_AUTO_TEST_CASE(is_not_made_for_rules_that_make_no_sense) {
  const TemporaryFolder folder;
  zimg::LmdbOptions options = store_at(folder.path("store"), 8u << 20);
  options.policy.namespaces = {{"a", 0, 7u << 20, 0}};
  expect_error(ErrorCode::kInvalidArgument, {"'a'", "80 %"}, [&] { zimg::open_lmdb_cache(options); });
  options.policy.namespaces = {{"a", 0, 0, -1}};
  expect_error(ErrorCode::kInvalidArgument, {"'a'", "negative"}, [&] { zimg::open_lmdb_cache(options); });
  options.policy.namespaces.clear();
  options.namespace_secrets["a"] = {};
  expect_error(ErrorCode::kInvalidArgument, {"'a'", "empty"}, [&] { zimg::open_lmdb_cache(options); });
  BOOST_TEST(!fs::exists(folder.path("store")));
}

BOOST_AUTO_TEST_SUITE_END()
