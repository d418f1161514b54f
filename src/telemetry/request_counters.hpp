// RequestCounters are the counters and histograms behind Metrics. Thread-safe and lock-free: relaxed atomics.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "telemetry/latency_recorder.hpp"
#include "zimg/metrics.hpp"
#include "zimg/trace.hpp"

namespace zimg::telemetry {

inline constexpr std::size_t kTraceKinds = static_cast<std::size_t>(TraceKind::kCorrupt) + 1;

class RequestCounters {
 public:
  void count(TraceKind kind) noexcept { add(events_[static_cast<std::size_t>(kind)]); }
  void count_hit(std::uint64_t bytes, double saved_ms) noexcept;
  void count_store(bool is_stored, double ms) noexcept;
  void count_left_out() noexcept { add(not_stored_); }  // was to be kept, and the cache was not asked
  void count_drawing(double ms) noexcept;

  LatencyRecorder hit_ms;
  LatencyRecorder miss_ms;
  LatencyRecorder joined_ms;
  LatencyRecorder lookup_ms;

  Metrics snapshot() const noexcept;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static void add(Counter& counter, std::uint64_t count = 1) noexcept {
    counter.fetch_add(count, std::memory_order_relaxed);
  }

  std::array<Counter, kTraceKinds> events_{};
  Counter drawings_{0};
  Counter stored_{0};
  Counter not_stored_{0};
  Counter hit_bytes_{0};
  Counter saved_us_{0};
  LatencyRecorder draw_ms_;
  LatencyRecorder store_ms_;
};

}  // namespace zimg::telemetry
