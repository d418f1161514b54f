// Metrics is what a Generator has counted and timed since it was made.
//
// A plain value: a snapshot. Counters are read one after another, so a snapshot that is taken while requests run may be
// off by those that ended meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

// How often something took how long. Bounds double from 1 microsecond to 9 minutes.
struct ZIMG_API LatencyHistogram {
  static constexpr std::size_t kBounds = 30;
  std::array<std::uint64_t, kBounds + 1> counts{};  // the last: longer than every bound
  double sum_ms = 0;

  // Bucket `i` counts what took at most this long and longer than the bound before.
  static double bound_ms(std::size_t i) noexcept;
  std::uint64_t count() const noexcept;
  // What the share `quantile` (0 to 1) stayed below, interpolated within its bucket; 0 where nothing was counted.
  double quantile_ms(double quantile) const noexcept;
};

struct ZIMG_API Metrics {
  // Requests by how they were answered. A miss was looked for in vain.
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t joined = 0;
  std::uint64_t bypassed = 0;
  std::uint64_t failed = 0;
  // What happened on the way.
  std::uint64_t expired = 0;
  std::uint64_t invalidated = 0;
  std::uint64_t filtered = 0;
  std::uint64_t evicted = 0;
  std::uint64_t corrupt = 0;
  // Pictures.
  std::uint64_t drawings = 0;
  std::uint64_t stored = 0;
  std::uint64_t not_stored = 0;  // were to be kept and are not: refused, failed, or dropped before the cache was asked
  std::uint64_t hit_bytes = 0;   // delivered without drawing
  double saved_ms = 0;           // what drawing the hits again would have taken

  LatencyHistogram hit_ms;   // from request to answer, as are the next two
  LatencyHistogram miss_ms;  // and drawn
  LatencyHistogram joined_ms;
  LatencyHistogram lookup_ms;  // in the cache, whatever came of it
  LatencyHistogram draw_ms;    // in the pipeline, without waiting and loading
  LatencyHistogram store_ms;   // until it was committed or refused

  // hits / (hits + misses), which counts neither joined nor bypassed; 0 before the first of them.
  double hit_rate() const noexcept;
};

// The metrics in the text format that Prometheus reads, version 0.0.4. Names begin with "zimg_"; times are in seconds.
ZIMG_API std::string prometheus_text(const Metrics& metrics);

}  // namespace v0
}  // namespace zimg
