// A table as the last commit left it, read out of the map without LMDB, which believes what a damaged page says. So it
// is in a write transaction too: what that changes is not in the map before it is committed.
//
// Stands at one of the entries, or behind the last, as it does at first. Views point into the map and end with the
// transaction. Errors: LmdbFailure MDB_CORRUPTED where a page is not what it was written as.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cache/lmdb/page_format.hpp"

namespace zimg::cache {

class CommittedTree {
 public:
  using View = std::span<const std::uint8_t>;

  struct Map {
    const std::uint8_t* pages = nullptr;  // page 0
    std::size_t page_bytes = 0;
    std::uint64_t count = 0;  // of pages
  };
  // A key and its value as far as they lie in their page; not plain where the node says that they go on elsewhere.
  struct Node {
    View key;
    View value;
    bool is_plain = false;
  };

  CommittedTree(const Map& map, std::uint64_t root) : map_(map), root_(root) {}

  // To the first key that is not below `key`; to the first of all without one.
  void seek(View key = {});
  bool is_at_end() const noexcept { return depth_ == 0; }
  void next();
  Node node() const;

  // Throw unless LMDB can be let to put something under `key`, or to erase what is there. It trusts the sizes that the
  // nodes of a page state: with a wrong one it would write over their neighbours, or past the page. Where something
  // goes it may join the page with one beside it.
  void expect_changeable(View key);
  void expect_erasable(View key);

 private:
  struct Page {
    const std::uint8_t* start = nullptr;
    bool is_leaf = false;
    std::size_t nodes_begin = 0;
    std::size_t nodes = 0;
  };
  struct Step {
    Page page;
    std::size_t index = 0;
  };

  Page page(std::uint64_t number) const;
  Node node(const Page& page, std::size_t index) const;
  Page child(const Step& step) const;
  std::size_t place_of(const Page& page, View key) const;
  void expect_tiled(const Page& page) const;
  Step& top() noexcept { return steps_[depth_ - 1]; }
  void push(const Step& step);
  void descend(View key);
  void settle();

  Map map_;
  std::uint64_t root_;
  std::array<Step, kDeepestTree> steps_;
  std::size_t depth_ = 0;
};

}  // namespace zimg::cache
