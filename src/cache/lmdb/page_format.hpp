// What the pages of data.mdb begin with, fixed in LMDB's format 1.
#pragma once

#include <cstddef>
#include <cstdint>

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

}  // namespace zimg::cache
