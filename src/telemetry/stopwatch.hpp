// Stopwatch adds the time it lives to a number of milliseconds.
#pragma once

#include <chrono>

namespace zimg::telemetry {

inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

class [[nodiscard]] Stopwatch {
 public:
  // `total_ms` must outlive the stopwatch.
  explicit Stopwatch(double& total_ms) : total_ms_(total_ms) {}
  ~Stopwatch() { total_ms_ += milliseconds_since(start_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& total_ms_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace zimg::telemetry
