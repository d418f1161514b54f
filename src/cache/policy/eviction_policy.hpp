// Which entry goes first. A cache shows a sample of its entries, drawn evenly (a run of neighbours in key order is one,
// for keys are digests), and the policy points at those that save the fewest seconds for a byte:
//
//     worth = estimated requests x milliseconds to draw / bytes
//
// This is W-TinyLFU made for a store that processes share and whose entries nobody wants to touch at a hit: the newest
// entries are its window, in which nothing is judged; what leaves the window stays only while it is worth more than the
// others of a sample, which is the main part; nothing but the sketch is remembered between two calls.
//
// No state, no errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "cache/policy/frequency_sketch.hpp"

namespace zimg::cache {

inline constexpr std::size_t kEvictionSample = 32;  // entries shown at once
inline constexpr std::size_t kEvictedOfSample = 2;  // of which so many may go

struct EvictionCandidate {
  std::uint64_t hash = 0;  // of its key
  std::uint64_t bytes = 0;
  double draw_ms = 0;
  std::uint64_t id = 0;  // grows with each store
  bool is_expired = false;
};

// The newest entry's id and how many there are: what the window is measured by.
struct EvictionWindow {
  std::uint64_t newest_id = 0;
  std::uint64_t entries = 0;

  bool holds(const EvictionCandidate& candidate) const noexcept;
};

double worth(const EvictionCandidate& candidate, const FrequencySketch& frequencies) noexcept;

// The places of up to kEvictedOfSample candidates in the order in which they should go: expired ones first, then those
// worth least, then the oldest. None where all lie in the window, unless `spares_window` is false.
std::vector<std::size_t> choose_victims(const std::vector<EvictionCandidate>& sample, const EvictionWindow& window,
                                        bool spares_window, const FrequencySketch& frequencies);

}  // namespace zimg::cache
