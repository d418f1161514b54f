// A LatencyRecorder sorts durations into the buckets of a LatencyHistogram. Thread-safe and lock-free.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "zimg/metrics.hpp"

namespace zimg::telemetry {

class LatencyRecorder {
 public:
  void record(double ms) noexcept;
  LatencyHistogram snapshot() const noexcept;

 private:
  std::array<std::atomic<std::uint64_t>, LatencyHistogram::kBounds + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

}  // namespace zimg::telemetry
