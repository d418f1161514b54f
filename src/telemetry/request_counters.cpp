#include "telemetry/request_counters.hpp"

#include <algorithm>

namespace zimg::telemetry {
namespace {

// Durations that no clock gives (negative, not a number, centuries) count as 0 or as the longest.
std::uint64_t whole(double units) noexcept {
  constexpr double kMost = 1e18;
  return units > 0 ? static_cast<std::uint64_t>(std::min(units, kMost)) : 0;
}

}  // namespace

void LatencyRecorder::record(double ms) noexcept {
  std::size_t bucket = 0;
  while (bucket < LatencyHistogram::kBounds && ms > LatencyHistogram::bound_ms(bucket)) ++bucket;
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_ns_.fetch_add(whole(ms * 1e6), std::memory_order_relaxed);
}

LatencyHistogram LatencyRecorder::snapshot() const noexcept {
  LatencyHistogram histogram;
  for (std::size_t i = 0; i < counts_.size(); ++i) histogram.counts[i] = counts_[i].load(std::memory_order_relaxed);
  histogram.sum_ms = static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e6;
  return histogram;
}

void RequestCounters::count_hit(std::uint64_t bytes, double saved_ms) noexcept {
  add(hit_bytes_, bytes);
  add(saved_us_, whole(saved_ms * 1e3));
}

void RequestCounters::count_store(bool is_stored, double ms) noexcept {
  add(is_stored ? stored_ : not_stored_);
  store_ms_.record(ms);
}

void RequestCounters::count_drawing(double ms) noexcept {
  add(drawings_);
  draw_ms_.record(ms);
}

Metrics RequestCounters::snapshot() const noexcept {
  const auto value = [](const Counter& counter) { return counter.load(std::memory_order_relaxed); };
  const auto events = [&](TraceKind kind) { return value(events_[static_cast<std::size_t>(kind)]); };
  Metrics metrics;
  metrics.hits = events(TraceKind::kHit);
  metrics.misses = events(TraceKind::kMiss);
  metrics.joined = events(TraceKind::kJoined);
  metrics.bypassed = events(TraceKind::kBypassed);
  metrics.failed = events(TraceKind::kFailed);
  metrics.expired = events(TraceKind::kExpired);
  metrics.invalidated = events(TraceKind::kInvalidated);
  metrics.filtered = events(TraceKind::kFiltered);
  metrics.evicted = events(TraceKind::kEvicted);
  metrics.corrupt = events(TraceKind::kCorrupt);
  metrics.drawings = value(drawings_);
  metrics.stored = value(stored_);
  metrics.not_stored = value(not_stored_);
  metrics.hit_bytes = value(hit_bytes_);
  metrics.saved_ms = static_cast<double>(value(saved_us_)) / 1e3;
  metrics.hit_ms = hit_ms.snapshot();
  metrics.miss_ms = miss_ms.snapshot();
  metrics.joined_ms = joined_ms.snapshot();
  metrics.lookup_ms = lookup_ms.snapshot();
  metrics.draw_ms = draw_ms_.snapshot();
  metrics.store_ms = store_ms_.snapshot();
  return metrics;
}

}  // namespace zimg::telemetry
