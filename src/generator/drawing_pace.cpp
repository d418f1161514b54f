#include "generator/drawing_pace.hpp"

#include <algorithm>

namespace zimg::generator {
namespace {

constexpr int kEntriesLookedAt = 256;

// What a drawing's time grows with, roughly: pixels and calls of the denoiser.
double work_of(std::uint32_t width, std::uint32_t height, std::uint32_t steps, double guidance) {
  return static_cast<double>(width) * height * std::max<std::uint32_t>(1, steps) * (guidance > 0 ? 2 : 1);
}

double work_of(const key::CanonicalRequest& request) {
  const DrawingOrder& order = request.order;
  return work_of(order.width, order.height, request.steps, static_cast<double>(order.guidance));
}

}  // namespace

void DrawingPace::add(const key::CanonicalRequest& drawn, double draw_ms) {
  ms_per_work_.store(draw_ms / work_of(drawn), std::memory_order_relaxed);
}

double DrawingPace::expected_ms(const key::CanonicalRequest& asked, ICache* cache, const std::string& model) {
  double pace = ms_per_work_.load(std::memory_order_relaxed);
  if (pace == 0 && cache != nullptr) {
    int looked_at = 0;
    cache->list([&](const CacheKey&, const EntryInfo& info, std::uint64_t) {
      if (info.model == model && info.draw_ms > 0) {
        pace = std::max(pace, info.draw_ms / work_of(info.width, info.height, info.steps, info.guidance));
      }
      return ++looked_at < kEntriesLookedAt;
    });
  }
  return pace * work_of(asked);
}

}  // namespace zimg::generator
