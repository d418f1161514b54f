// Usage is what a cache learnt from being used: counts for a person to read, frequencies for eviction, a ghost list for
// the size curve. All of it is advice: it may be lost or stale, and then pictures are evicted less wisely.
//
// One thread at a time; UsageRecorder is what threads and processes share.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cache/policy/frequency_sketch.hpp"
#include "cache/policy/ghost_list.hpp"
#include "zimg/bytes.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

enum class UsageKind : std::uint8_t { kHit, kMiss, kTouch, kStore, kEviction, kRejection, kExpiry, kDamage };

// One thing that happened. It owns no memory, so that noting it cannot fail.
struct UsageEvent {
  UsageKind kind = UsageKind::kMiss;
  std::uint8_t name_size = 0;
  std::array<char, 64> name_space{};
  std::uint64_t hash = 0;
  std::uint64_t bytes = 0;
  double draw_ms = 0;
};

class Usage {
 public:
  static constexpr std::size_t kSpaceLimit = 256;  // namespaces; beyond it the least active is forgotten

  // `room_bytes` is what the payloads of the cache may take together.
  void apply(const UsageEvent& event, std::uint64_t room_bytes);

  void copy_to(CacheStats& stats, std::uint64_t room_bytes) const;
  // Into the parts that are there; a namespace without entries is not added.
  void copy_to(std::vector<NamespaceStats>& parts) const;

  const FrequencySketch& frequencies() const noexcept { return frequencies_; }
  void set_entries(std::uint64_t entries) noexcept { frequencies_.set_entries(entries); }

  // The octets of a file, with a checksum at their end. docs/store-format.md is the reference.
  Bytes encode() const;
  // nullopt for anything but what encode() gave.
  static std::optional<Usage> decode(const Bytes& octets);

 private:
  struct Space {
    std::uint64_t hits = 0;
    std::uint64_t stores = 0;
    std::uint64_t evictions = 0;
    double saved_ms = 0;
    std::uint64_t saved_bytes = 0;
  };
  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t stores = 0;
    std::uint64_t evictions = 0;
    std::uint64_t rejections = 0;
    std::uint64_t expired = 0;
    std::uint64_t corrupt = 0;
    std::uint64_t saved_bytes = 0;
    double saved_ms = 0;
  };
  Space& space(std::string_view name);

  Counts counts_;
  std::map<std::string, Space, std::less<>> spaces_;
  GhostList ghosts_;
  FrequencySketch frequencies_;
};

}  // namespace zimg::cache
