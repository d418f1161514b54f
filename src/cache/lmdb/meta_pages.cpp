#include "cache/lmdb/meta_pages.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/scope_exit.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/page_format.hpp"
#include "cache/lmdb/store_folder.hpp"

namespace zimg::cache {
namespace {

constexpr const char* kAction = "open data.mdb";
constexpr std::uint32_t kMetaMagic = 0xBEEFC0DE;
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kSmallestPage = 512;
constexpr std::uint32_t kLargestPage = 65536;
constexpr int kMostReadings = 100;  // while others commit

struct MetaPage {
  PageHeader header;
  std::uint32_t magic;
  std::uint32_t version;
  std::uint64_t address;
  std::uint64_t map_bytes;
  Tree free;
  Tree main;
  std::uint64_t last_page;
  std::uint64_t transaction;

  std::uint64_t page_bytes() const { return free.pad; }
};
static_assert(sizeof(MetaPage) == 152);

using MetaPages = std::array<MetaPage, 2>;

void expect_meta(bool is_sound) {
  if (!is_sound) throw LmdbFailure(MDB_CORRUPTED, kAction);
}

// False where the file ends before.
template <class Value>
bool read_at(int fd, std::uint64_t at, Value& value) {
  const ssize_t got = ::pread(fd, &value, sizeof value, static_cast<off_t>(at));
  if (got < 0) throw LmdbFailure(errno, kAction);
  return got == static_cast<ssize_t>(sizeof value);
}

void check_kind(const MetaPage& page) {
  if (page.magic != kMetaMagic || (page.header.flags & kMetaPage) == 0) throw LmdbFailure(MDB_INVALID, kAction);
  if (page.version != kVersion) throw LmdbFailure(MDB_VERSION_MISMATCH, kAction);
}

// The second page lies where the first one says how long a page is.
MetaPages read_pages(int fd) {
  MetaPages pages;
  if (!read_at(fd, 0, pages[0])) throw LmdbFailure(MDB_INVALID, kAction);
  check_kind(pages[0]);
  const std::uint64_t page_bytes = pages[0].page_bytes();
  expect_meta(std::has_single_bit(page_bytes) && page_bytes >= kSmallestPage && page_bytes <= kLargestPage);
  expect_meta(read_at(fd, page_bytes, pages[1]));
  check_kind(pages[1]);
  expect_meta(pages[1].page_bytes() == page_bytes);
  return pages;
}

void check_tree(const Tree& tree, std::uint16_t flags, std::uint64_t last_page) {
  expect_meta(tree.flags == flags);
  expect_meta(tree.branch_pages <= last_page && tree.leaf_pages <= last_page && tree.overflow_pages <= last_page);
  if (tree.root == kNoPage) {
    expect_meta(tree.depth == 0);
  } else {
    expect_meta(tree.depth >= 1 && tree.depth <= kDeepestTree && tree.root >= 2 && tree.root <= last_page);
  }
}

void check_page(const MetaPage& page, std::uint64_t place, std::uint64_t capacity_bytes) {
  expect_meta(page.last_page >= 1 && page.last_page < capacity_bytes / page.page_bytes());
  expect_meta(page.transaction % 2 == place);  // each commit writes the other of the two
  check_tree(page.free, MDB_INTEGERKEY, page.last_page);
  check_tree(page.main, 0, page.last_page);
}

void check_root(int fd, const Tree& tree, std::uint64_t page_bytes) {
  if (tree.root == kNoPage) return;
  PageHeader header{};
  expect_meta(read_at(fd, tree.root * page_bytes, header));
  expect_meta(header.number == tree.root && header.flags == (tree.depth == 1 ? kLeafPage : kBranchPage));
}

// The roots of the older page may have been written over since.
void check_roots(int fd, const MetaPages& pages) {
  const MetaPage& newest = pages[pages[0].transaction < pages[1].transaction ? 1 : 0];
  check_root(fd, newest.free, newest.page_bytes());
  check_root(fd, newest.main, newest.page_bytes());
}

bool is_same(const MetaPages& one, const MetaPages& other) {
  return std::memcmp(&one, &other, sizeof one) == 0;
}

}  // namespace

void check_meta_pages(const std::string& folder, std::uint64_t capacity_bytes) {
  const int fd = ::open(StoreFolder(folder).file("data.mdb").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return;
  if (fd < 0) throw LmdbFailure(errno, kAction);
  const base::ScopeExit close_file([fd] { ::close(fd); });
  char first = 0;
  if (!read_at(fd, 0, first)) return;
  for (int readings = 1;; ++readings) {
    const MetaPages pages = read_pages(fd);
    try {
      for (std::uint64_t place : {0, 1}) check_page(pages[place], place, capacity_bytes);
      check_roots(fd, pages);
      return;
    } catch (const LmdbFailure&) {  // or a commit came between
      if (readings == kMostReadings || is_same(pages, read_pages(fd))) throw;
    }
  }
}

}  // namespace zimg::cache
