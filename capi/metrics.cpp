#include "capi/metrics.hpp"

#include "capi/guard.hpp"
#include "capi/text.hpp"

using zimg::LatencyHistogram;
using zimg::Metrics;
using namespace zimg::capi;

namespace {

struct MetricCounter {
  zimg_count count;
  std::uint64_t Metrics::*field;
};

constexpr MetricCounter kMetricCounters[] = {
    {ZIMG_COUNT_HITS, &Metrics::hits},
    {ZIMG_COUNT_MISSES, &Metrics::misses},
    {ZIMG_COUNT_JOINED, &Metrics::joined},
    {ZIMG_COUNT_BYPASSED, &Metrics::bypassed},
    {ZIMG_COUNT_FAILED, &Metrics::failed},
    {ZIMG_COUNT_EXPIRED, &Metrics::expired},
    {ZIMG_COUNT_INVALIDATED, &Metrics::invalidated},
    {ZIMG_COUNT_FILTERED, &Metrics::filtered},
    {ZIMG_COUNT_EVICTED, &Metrics::evicted},
    {ZIMG_COUNT_CORRUPT, &Metrics::corrupt},
    {ZIMG_COUNT_DRAWN, &Metrics::drawings},
    {ZIMG_COUNT_STORED, &Metrics::stored},
    {ZIMG_COUNT_UNSTORED, &Metrics::not_stored},
    {ZIMG_COUNT_SAVED_BYTES, &Metrics::hit_bytes},
};

// In the order of zimg_histogram.
constexpr LatencyHistogram Metrics::*kHistograms[] = {&Metrics::hit_ms,    &Metrics::miss_ms, &Metrics::joined_ms,
                                                      &Metrics::lookup_ms, &Metrics::draw_ms, &Metrics::store_ms};
static_assert(ZIMG_HISTOGRAM_STORE + 1 == sizeof(kHistograms) / sizeof(kHistograms[0]));

const LatencyHistogram* histogram_in(const zimg_metrics* metrics, zimg_histogram histogram) {
  const bool is_one = histogram >= ZIMG_HISTOGRAM_HIT && histogram <= ZIMG_HISTOGRAM_STORE;
  return alive(metrics) != nullptr && is_one ? &(metrics->value.*kHistograms[histogram]) : nullptr;
}

}  // namespace

uint64_t zimg_metrics_count(const zimg_metrics* metrics, zimg_count count) {
  if (alive(metrics) == nullptr) return 0;
  for (const MetricCounter& counter : kMetricCounters) {
    if (counter.count == count) return metrics->value.*counter.field;
  }
  return 0;
}

double zimg_metrics_hit_rate(const zimg_metrics* metrics) {
  return alive(metrics) == nullptr ? 0 : metrics->value.hit_rate();
}

double zimg_metrics_saved_ms(const zimg_metrics* metrics) {
  return alive(metrics) == nullptr ? 0 : metrics->value.saved_ms;
}

size_t zimg_histogram_bound_count(void) {
  return LatencyHistogram::kBounds;
}

double zimg_histogram_bound_ms(size_t index) {
  return index < LatencyHistogram::kBounds ? LatencyHistogram::bound_ms(index) : 0;
}

uint64_t zimg_metrics_bucket(const zimg_metrics* metrics, zimg_histogram histogram, size_t index) {
  const LatencyHistogram* found = histogram_in(metrics, histogram);
  return found != nullptr && index < found->counts.size() ? found->counts[index] : 0;
}

double zimg_metrics_sum_ms(const zimg_metrics* metrics, zimg_histogram histogram) {
  const LatencyHistogram* found = histogram_in(metrics, histogram);
  return found == nullptr ? 0 : found->sum_ms;
}

double zimg_metrics_quantile_ms(const zimg_metrics* metrics, zimg_histogram histogram, double quantile) {
  const LatencyHistogram* found = histogram_in(metrics, histogram);
  return found != nullptr && quantile >= 0 && quantile <= 1 ? found->quantile_ms(quantile) : 0;
}

zimg_status zimg_metrics_prometheus(const zimg_metrics* metrics, zimg_text** out_text, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_text, "out_text");
    *out_text = new_text(zimg::prometheus_text(required(metrics, "metrics").value));
  });
}

void zimg_metrics_destroy(zimg_metrics* metrics) {
  destroy(metrics);
}
