// What the pages of data.mdb begin with, fixed in LMDB's format 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zimg::cache {

struct PageHeader {
  std::uint64_t number;
  std::uint16_t pad;
  std::uint16_t flags;
  std::uint32_t count;  // of pages, where a value takes whole ones
};
inline constexpr std::size_t kPageHeaderBytes = 16;
static_assert(sizeof(PageHeader) == kPageHeaderBytes);

inline constexpr std::uint16_t kBranchPage = 0x01;
inline constexpr std::uint16_t kLeafPage = 0x02;
inline constexpr std::uint16_t kOverflowPage = 0x04;
inline constexpr std::uint16_t kMetaPage = 0x08;

// What stands of a table in the table of tables, and in a meta page of LMDB's own two.
struct Tree {
  std::uint32_t pad;  // of the first tree: the size of a page
  std::uint16_t flags;
  std::uint16_t depth;
  std::uint64_t branch_pages;
  std::uint64_t leaf_pages;
  std::uint64_t overflow_pages;
  std::uint64_t entries;
  std::uint64_t root;
};
static_assert(sizeof(Tree) == 48);
inline constexpr std::uint64_t kNoPage = ~std::uint64_t{0};  // the root of a tree that holds nothing
inline constexpr std::uint16_t kDeepestTree = 32;

// What lies at `octets`, wherever that is.
template <class Value>
Value read_as(const std::uint8_t* octets) {
  Value value;
  std::memcpy(&value, octets, sizeof value);
  return value;
}

}  // namespace zimg::cache
