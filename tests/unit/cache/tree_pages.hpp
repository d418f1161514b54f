// The pages of LMDB's trees in the data file of a store, found by a test that damages them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace zimg_test {

template <class Number>
Number number_at(const std::string& octets, std::uint64_t at) {
  Number number = 0;
  std::memcpy(&number, octets.data() + at, sizeof number);
  return number;
}

inline constexpr std::uint16_t kBranch = 1, kLeaf = 2;

// Whether what lies at `page` was written as a page of that kind.
inline bool is_page(const std::string& octets, std::uint64_t page, std::uint64_t page_bytes, std::uint16_t kind) {
  return number_at<std::uint64_t>(octets, page) == page / page_bytes &&
         number_at<std::uint16_t>(octets, page + 10) == kind;
}

// Of the key of a node, which begins eight octets behind it.
inline std::uint16_t key_bytes(const std::string& octets, std::uint64_t node) {
  return number_at<std::uint16_t>(octets, node + 6);
}

// Where the nodes of a page begin that lies at `page`.
inline std::vector<std::uint64_t> nodes_of(const std::string& octets, std::uint64_t page) {
  constexpr std::uint64_t kPageHeader = 16;
  std::vector<std::uint64_t> nodes;
  const std::uint64_t end = page + number_at<std::uint16_t>(octets, page + 12);
  for (std::uint64_t at = page + kPageHeader; at < end; at += 2) {
    nodes.push_back(page + number_at<std::uint16_t>(octets, at));
  }
  return nodes;
}

}  // namespace zimg_test
