// What the hit rate would be with other bytes: a list of the keys asked for last, kept without their pictures and well
// beyond the cache's room. How many bytes of other keys lie between two requests for one is the room that the second
// would have needed to hit, if the least recently used went first (Mattson's stack distance).
//
// Bounded: where the keys get too many for the list, only those of each second, fourth, … hash are followed and count
// for two, four, … (Waldspurger et al.: Efficient MRC construction with SHARDS, 2015).
//
// One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace zimg::cache {

class GhostList {
 public:
  static constexpr std::size_t kLimit = 1024;  // keys
  // The rooms whose hits are counted, in halves of the cache's own.
  static constexpr std::array<std::uint64_t, 3> kHalves{1, 2, 4};

  struct Ghost {
    std::uint64_t hash;
    std::uint64_t bytes;
  };
  struct Counts {
    std::uint64_t lookups = 0;
    std::array<std::uint64_t, kHalves.size()> hits{};  // with kHalves[i] halves of the room
  };

  // A lookup of a key whose picture has `bytes`, or 0 where that is not known.
  void looked_up(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes);
  // A picture was drawn: from now on its bytes are known.
  void stored(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes);

  const Counts& counts() const noexcept { return counts_; }

  // As it is kept in a file.
  const std::vector<Ghost>& ghosts() const noexcept { return ghosts_; }
  unsigned shift() const noexcept { return shift_; }
  void restore(std::vector<Ghost> ghosts, unsigned shift, const Counts& counts);

 private:
  bool is_followed(std::uint64_t hash) const noexcept;
  void bring_to_front(std::uint64_t hash, std::uint64_t bytes, std::uint64_t room_bytes);

  std::vector<Ghost> ghosts_;  // the last one asked for at the back
  unsigned shift_ = 0;         // keys are followed whose hash is a multiple of 2^shift_
  Counts counts_;
};

}  // namespace zimg::cache
