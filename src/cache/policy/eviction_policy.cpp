#include "cache/policy/eviction_policy.hpp"

#include <algorithm>
#include <tuple>

namespace zimg::cache {
namespace {

constexpr std::uint64_t kWindowShare = 32;     // one entry of so many
constexpr std::uint64_t kBytesOfEntry = 4096;  // what an entry takes beside its payload, about

}  // namespace

bool EvictionWindow::holds(const EvictionCandidate& candidate) const noexcept {
  return newest_id - std::min(newest_id, candidate.id) < std::max<std::uint64_t>(1, entries / kWindowShare);
}

double worth(const EvictionCandidate& candidate, const FrequencySketch& frequencies) noexcept {
  // Nobody's first request is forgotten so far that the time to draw no longer counts.
  const double requests = 0.5 + frequencies.estimate(candidate.hash);
  return requests * std::max(candidate.draw_ms, 1.0) / static_cast<double>(candidate.bytes + kBytesOfEntry);
}

std::vector<std::size_t> choose_victims(const std::vector<EvictionCandidate>& sample, const EvictionWindow& window,
                                        bool spares_window, const FrequencySketch& frequencies) {
  using Ranked = std::tuple<bool, double, std::uint64_t, std::size_t>;  // lives, worth, id, place
  std::vector<Ranked> ranked;
  for (std::size_t place = 0; place < sample.size(); ++place) {
    const EvictionCandidate& candidate = sample[place];
    if (!candidate.is_expired && spares_window && window.holds(candidate)) continue;
    ranked.emplace_back(!candidate.is_expired, worth(candidate, frequencies), candidate.id, place);
  }
  const std::size_t count = std::min(kEvictedOfSample, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count), ranked.end());
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) places.push_back(std::get<3>(ranked[i]));
  return places;
}

}  // namespace zimg::cache
