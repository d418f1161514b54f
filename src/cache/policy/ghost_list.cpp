#include "cache/policy/ghost_list.hpp"

#include <algorithm>
#include <utility>

namespace zimg::cache {
namespace {

// Beyond the largest room that is counted the list need not reach; a little more bears a room that grows.
constexpr std::uint64_t kReach = 3;
constexpr unsigned kMaxShift = 20;

}  // namespace

bool GhostList::is_followed(std::uint64_t hash) const noexcept {
  return (hash & ((std::uint64_t{1} << shift_) - 1)) == 0;
}

void GhostList::looked_up(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes) {
  if (!is_followed(hash)) return;
  std::uint64_t distance = 0;
  const auto known = std::find_if(ghosts_.rbegin(), ghosts_.rend(), [&](const Ghost& ghost) {
    distance += ghost.bytes;
    return ghost.hash == hash;
  });
  if (known == ghosts_.rend()) {
    // A hit on what was stored before this list began says nothing about how much room it needed.
    if (bytes == 0) counts_.lookups += std::uint64_t{1} << shift_;
  } else {
    counts_.lookups += std::uint64_t{1} << shift_;
    for (std::size_t i = 0; i < kHalves.size(); ++i) {
      if (distance << shift_ <= room_bytes / 2 * kHalves[i]) counts_.hits[i] += std::uint64_t{1} << shift_;
    }
    if (bytes == 0) bytes = known->bytes;
  }
  if (bytes != 0) bring_to_front(hash, bytes, room_bytes);
}

void GhostList::stored(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes) {
  if (is_followed(hash)) bring_to_front(hash, bytes, room_bytes);
}

void GhostList::restore(std::vector<Ghost> ghosts, unsigned shift, const Counts& counts) {
  ghosts_ = std::move(ghosts);
  shift_ = std::min(shift, kMaxShift);
  counts_ = counts;
}

void GhostList::bring_to_front(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes) {
  std::erase_if(ghosts_, [&](const Ghost& ghost) { return ghost.hash == hash; });
  ghosts_.push_back({hash, bytes});
  if (ghosts_.size() <= kLimit) return;
  std::uint64_t reach = 0;
  const auto last = std::find_if(ghosts_.rbegin(), ghosts_.rend(), [&](const Ghost& ghost) {
    reach += ghost.bytes;
    return reach << shift_ > room_bytes * kReach;
  });
  ghosts_.erase(ghosts_.begin(), last.base());
  while (ghosts_.size() > kLimit && shift_ < kMaxShift) {
    ++shift_;
    std::erase_if(ghosts_, [&](const Ghost& ghost) { return !is_followed(ghost.hash); });
  }
}

}  // namespace zimg::cache
