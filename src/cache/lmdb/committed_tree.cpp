#include "cache/lmdb/committed_tree.hpp"

#include <lmdb.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "cache/lmdb/lmdb_error.hpp"

namespace zimg::cache {
namespace {

constexpr std::size_t kNodeHeaderBytes = 8;

// In a leaf the size of a value, in a branch the number of a page, and then the flags are a part of it.
struct NodeHeader {
  std::uint16_t low;
  std::uint16_t high;
  std::uint16_t flags;
  std::uint16_t key_bytes;
};
static_assert(sizeof(NodeHeader) == kNodeHeaderBytes);

void expect_page(bool is_sound) {
  if (!is_sound) throw LmdbFailure(MDB_CORRUPTED, "read");
}

// LMDB keeps where the nodes of a page lie behind the page's own octets.
std::size_t node_place(const std::uint8_t* page, std::size_t index) {
  return read_as<std::uint16_t>(page + kPageHeaderBytes + index * sizeof(std::uint16_t));
}

NodeHeader node_header(const std::uint8_t* page, std::size_t index) {
  return read_as<NodeHeader>(page + node_place(page, index));
}

std::size_t value_bytes(const NodeHeader& header) {
  return header.low | static_cast<std::size_t>(header.high) << 16;
}

bool is_below(CommittedTree::View one, CommittedTree::View other) {
  return std::ranges::lexicographical_compare(one, other);
}

}  // namespace

CommittedTree::Page CommittedTree::page(std::uint64_t number) const {
  expect_page(number >= 2 && number < map_.count);
  const std::uint8_t* start = map_.pages + number * map_.page_bytes;
  const auto header = read_as<PageHeader>(start);
  const std::size_t lower = header.count & 0xffff;
  const std::size_t upper = header.count >> 16;
  expect_page(header.number == number && (header.flags == kLeafPage || header.flags == kBranchPage));
  expect_page(lower > kPageHeaderBytes && lower % 2 == 0 && lower <= upper && upper <= map_.page_bytes);
  return {start, header.flags == kLeafPage, upper, (lower - kPageHeaderBytes) / sizeof(std::uint16_t)};
}

// Nothing is thrown here: the neighbours of a damaged node can be read.
CommittedTree::Node CommittedTree::node(const Page& page, std::size_t index) const {
  const std::size_t place = node_place(page.start, index);
  if (place < page.nodes_begin || place + kNodeHeaderBytes > map_.page_bytes) return {};
  const NodeHeader header = node_header(page.start, index);
  const View rest(page.start + place + kNodeHeaderBytes, page.start + map_.page_bytes);
  const std::size_t key_bytes = std::min<std::size_t>(header.key_bytes, rest.size());
  const View behind = rest.subspan(key_bytes);
  const bool is_plain = header.flags == 0 && value_bytes(header) <= behind.size();
  return {rest.first(key_bytes), behind.first(std::min(value_bytes(header), behind.size())), is_plain};
}

CommittedTree::Node CommittedTree::node() const {
  return node(steps_[depth_ - 1].page, steps_[depth_ - 1].index);
}

CommittedTree::Page CommittedTree::child(const Step& step) const {
  expect_page(node(step.page, step.index).key.data() != nullptr);
  const NodeHeader header = node_header(step.page.start, step.index);
  return page(value_bytes(header) | static_cast<std::uint64_t>(header.flags) << 32);
}

// Of the first node that is not below `key` in a leaf, of the child that holds it in a branch, whose first key counts
// as the lowest of all.
std::size_t CommittedTree::place_of(const Page& page, View key) const {
  std::size_t low = page.is_leaf ? 0 : 1;
  std::size_t high = page.nodes;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const View found = node(page, middle).key;
    if (page.is_leaf ? is_below(found, key) : !is_below(key, found)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return page.is_leaf ? low : low - 1;
}

void CommittedTree::push(const Step& step) {
  expect_page(depth_ < steps_.size());
  steps_[depth_++] = step;
}

// To where `key` is or would be put, which may be behind the last node of a leaf.
void CommittedTree::descend(View key) {
  depth_ = 0;
  if (root_ == kNoPage) return;
  Page here = page(root_);
  push({here, place_of(here, key)});
  while (!here.is_leaf) {
    here = child(top());
    push({here, place_of(here, key)});
  }
}

// From behind the last node of a leaf to the first of the next one.
void CommittedTree::settle() {
  while (depth_ > 0 && top().index >= top().page.nodes) {
    --depth_;
    if (depth_ > 0) ++top().index;
  }
  while (depth_ > 0 && !top().page.is_leaf) push({child(top()), 0});
}

void CommittedTree::seek(View key) {
  descend(key);
  settle();
}

void CommittedTree::next() {
  ++top().index;
  settle();
}

// Whether the nodes lie one behind the other to the page's end.
void CommittedTree::expect_tiled(const Page& page) const {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t index = 0; index < page.nodes; ++index) {
    const Node found = node(page, index);
    expect_page(found.is_plain);
    const std::size_t size = kNodeHeaderBytes + found.key.size() + found.value.size();
    places.emplace_back(node_place(page.start, index), size + size % 2);
  }
  std::ranges::sort(places);
  std::size_t at = page.nodes_begin;
  for (const auto& [place, size] : places) {
    expect_page(place == at);
    at += size;
  }
  expect_page(at == map_.page_bytes);
}

void CommittedTree::expect_changeable(View key) {
  descend(key);
  if (depth_ > 0) expect_tiled(top().page);
}

void CommittedTree::expect_erasable(View key) {
  expect_changeable(key);
  if (depth_ < 2) return;
  Step beside = steps_[depth_ - 2];
  const std::size_t own = beside.index;
  for (beside.index = own > 0 ? own - 1 : 0; beside.index <= own + 1 && beside.index < beside.page.nodes;
       ++beside.index) {
    expect_tiled(child(beside));
  }
}

}  // namespace zimg::cache
