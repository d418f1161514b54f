#include "zimg/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace zimg {
inline namespace v0 {

double LatencyHistogram::bound_ms(std::size_t i) noexcept {
  return std::ldexp(0.001, static_cast<int>(i));
}

std::uint64_t LatencyHistogram::count() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

double LatencyHistogram::quantile_ms(double quantile) const noexcept {
  const double wanted = std::clamp(quantile, 0.0, 1.0) * static_cast<double>(count());
  double seen = 0;
  for (std::size_t i = 0; i < kBounds; ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here > 0 && seen + here >= wanted) {
      const double below = i == 0 ? 0 : bound_ms(i - 1);
      return below + (bound_ms(i) - below) * (wanted - seen) / here;
    }
    seen += here;
  }
  return counts[kBounds] == 0 ? 0 : bound_ms(kBounds - 1);
}

double Metrics::hit_rate() const noexcept {
  const std::uint64_t lookups = hits + misses;
  return lookups == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(lookups);
}

}  // namespace v0
}  // namespace zimg
