// Replays a trace of requests through a cache and through the usual orders of eviction, with equal room: how many
// requests hit, and how many seconds of drawing they saved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "zimg/cache.hpp"

namespace zimg::app {

struct ReplayTrace {
  struct Picture {
    std::uint64_t bytes = 0;
    double draw_ms = 0;
  };
  std::vector<Picture> pictures;
  std::vector<std::uint32_t> requests;  // places in pictures

  std::uint64_t bytes_of_all() const;
};

// Pictures of five sizes, 4 to 50 steps, asked for after Zipf's law; one request of ten is for a picture that nobody
// asks for again, and what is popular drifts.
ReplayTrace make_zipf_trace(std::uint32_t pictures, std::uint32_t requests, double exponent, std::uint32_t seed);

// A request a line: a name without blanks, bytes, milliseconds to draw. Errors: kInvalidArgument naming file and line,
// those of reading.
ReplayTrace read_trace(const std::string& path);

struct ReplayResult {
  std::uint64_t hits = 0;
  std::uint64_t requests = 0;
  double saved_ms = 0;
  double total_ms = 0;  // if each request were drawn

  double hit_rate() const { return requests == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(requests); }
  double saved_share() const { return total_ms == 0 ? 0 : saved_ms / total_ms; }
};

// Through `cache`, which should be empty.
ReplayResult replay(ICache& cache, const ReplayTrace& trace);

enum class EvictionOrder : std::uint8_t { kLeastRecent, kLeastFrequent, kFirstIn };
// Through a plain cache of so many bytes that evicts in that order; frequencies are exact and last as long as an entry.
ReplayResult replay(EvictionOrder order, std::uint64_t capacity_bytes, const ReplayTrace& trace);

}  // namespace zimg::app
