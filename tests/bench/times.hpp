// Times of one thing in microseconds, and the line that shows them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace zimg_bench {

using Clock = std::chrono::steady_clock;

inline double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

class Times {
 public:
  void add(double microseconds) { times_.push_back(microseconds); }
  void add(const Times& others) { times_.insert(times_.end(), others.times_.begin(), others.times_.end()); }
  std::size_t count() const { return times_.size(); }

  // REQUIRES: at least one time.
  double quantile(double share) const {
    std::vector<double> sorted = times_;
    const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(place, sorted.size() - 1));
    std::nth_element(sorted.begin(), nth, sorted.end());
    return *nth;
  }
  double p50() const { return quantile(0.5); }
  double p99() const { return quantile(0.99); }

 private:
  std::vector<double> times_;
};

// A line of a table. `bytes`, 0 where there are none to tell; `floor_us` is the median of what is compared with, 0 for
// none.
inline void print(const char* what, std::size_t bytes, const Times& times, double floor_us = 0) {
  const std::string size = bytes == 0 ? "" : std::to_string(bytes) + " B";
  std::printf("%-34s %11s   p50 %9.2f us   p99 %9.2f us", what, size.c_str(), times.p50(), times.p99());
  if (floor_us > 0) std::printf("   %.2fx of the floor", times.p50() / floor_us);
  std::printf("\n");
}

}  // namespace zimg_bench
