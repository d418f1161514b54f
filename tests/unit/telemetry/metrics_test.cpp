#include "zimg/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include "telemetry/request_counters.hpp"

using zimg::LatencyHistogram;
using zimg::Metrics;
using zimg::TraceKind;
using zimg::telemetry::LatencyRecorder;
using zimg::telemetry::RequestCounters;

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(bounds_double_from_a_microsecond) {
  BOOST_TEST(LatencyHistogram::bound_ms(0) == 0.001);
  for (std::size_t i = 1; i < LatencyHistogram::kBounds; ++i) {
    BOOST_TEST(LatencyHistogram::bound_ms(i) == 2 * LatencyHistogram::bound_ms(i - 1));
  }
}

BOOST_AUTO_TEST_CASE(a_duration_falls_into_the_bucket_that_holds_it) {
  LatencyRecorder recorder;
  for (const double ms : {0.0, 0.001, 0.0011, 0.002, 1e9}) recorder.record(ms);
  const LatencyHistogram histogram = recorder.snapshot();
  BOOST_TEST(histogram.counts[0] == 2u);
  BOOST_TEST(histogram.counts[1] == 2u);
  BOOST_TEST(histogram.counts[LatencyHistogram::kBounds] == 1u);
  BOOST_TEST(histogram.count() == 5u);
}

BOOST_AUTO_TEST_CASE(no_duration_breaks_it) {
  LatencyRecorder recorder;
  for (const double ms : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::max()}) {
    recorder.record(ms);
  }
  BOOST_TEST(recorder.snapshot().count() == 4u);
}

BOOST_AUTO_TEST_CASE(quantiles_lie_within_their_bucket) {
  LatencyRecorder recorder;
  BOOST_TEST(recorder.snapshot().quantile_ms(0.5) == 0);
  for (int i = 0; i < 90; ++i) recorder.record(1);
  for (int i = 0; i < 10; ++i) recorder.record(100);
  const LatencyHistogram histogram = recorder.snapshot();
  BOOST_TEST(histogram.quantile_ms(0.5) > 0.5);
  BOOST_TEST(histogram.quantile_ms(0.5) <= 1.024);
  BOOST_TEST(histogram.quantile_ms(0.99) > 65);
  BOOST_TEST(histogram.quantile_ms(0.99) <= 131.072);
  BOOST_TEST(histogram.quantile_ms(-1) <= histogram.quantile_ms(2));
  BOOST_TEST(histogram.sum_ms == 1090, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(counts_from_many_threads) {
  RequestCounters counters;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counters] {
      for (int i = 0; i < 10000; ++i) {
        counters.count(TraceKind::kHit);
        counters.count_hit(3, 0.5);
        counters.hit_ms.record(0.01);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Metrics metrics = counters.snapshot();
  BOOST_TEST(metrics.hits == 40000u);
  BOOST_TEST(metrics.hit_bytes == 120000u);
  BOOST_TEST(metrics.saved_ms == 20000, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(metrics.hit_ms.count() == 40000u);
}

BOOST_AUTO_TEST_CASE(the_hit_rate_counts_neither_joined_nor_bypassed) {
  Metrics metrics;
  BOOST_TEST(metrics.hit_rate() == 0);
  metrics.hits = 3;
  metrics.misses = 1;
  metrics.joined = metrics.bypassed = metrics.failed = 100;
  BOOST_TEST(metrics.hit_rate() == 0.75);
}

BOOST_AUTO_TEST_CASE(prometheus_reads_cumulative_buckets_with_their_heads) {
  RequestCounters counters;
  counters.count(TraceKind::kHit);
  counters.hit_ms.record(0.003);
  counters.hit_ms.record(0.3);
  counters.count_store(false, 2);
  const std::string text = zimg::prometheus_text(counters.snapshot());
  const auto has_line = [&](const std::string& line) {
    const bool is_there = text.find("\n" + line + "\n") != std::string::npos;
    BOOST_TEST(is_there, "no line '" << line << "'");
  };
  has_line("# TYPE zimg_requests_total counter");
  has_line("zimg_requests_total{outcome=\"hit\"} 1");
  has_line("zimg_cache_events_total{event=\"not_stored\"} 1");
  has_line("zimg_request_seconds_bucket{outcome=\"hit\",le=\"2e-06\"} 0");
  has_line("zimg_request_seconds_bucket{outcome=\"hit\",le=\"4e-06\"} 1");
  has_line("zimg_request_seconds_bucket{outcome=\"hit\",le=\"+Inf\"} 2");
  has_line("zimg_request_seconds_sum{outcome=\"hit\"} 0.000303");
  has_line("zimg_request_seconds_count{outcome=\"hit\"} 2");
  has_line("zimg_store_seconds_count 1");
  BOOST_TEST(text.back() == '\n');
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    BOOST_TEST((line.rfind("# ", 0) == 0 || line.find(' ') != std::string::npos), line);
  }
}

BOOST_AUTO_TEST_SUITE_END()
