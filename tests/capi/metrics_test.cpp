// zimg_metrics and zimg_trace_event: what is counted, timed and told.
#include <mutex>

#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

struct Told {
  std::mutex mutex;
  std::vector<std::string> lines;
  std::vector<zimg_trace_kind> kinds;
};

void keep_event(void* data, const zimg_trace_event* event) {
  auto& told = *static_cast<Told*>(data);
  Text json;
  must(zimg_trace_event_json, event, json.out());
  BOOST_TEST(zimg_trace_event_at_ms(event) > 1600000000000);
  BOOST_TEST(text_of(zimg_trace_event_key_prefix, event).size() == 12u);
  BOOST_TEST(text_of(zimg_trace_event_namespace, event) == "default");
  BOOST_TEST(zimg_trace_event_stage_ms(event, ZIMG_STAGE_TOTAL) > 0);
  text_of(zimg_trace_event_reason, event);
  const std::lock_guard lock(told.mutex);
  told.lines.push_back(text_of(zimg_text_data, json.get()) + "|" + text_of(zimg_trace_event_prompt, event));
  told.kinds.push_back(zimg_trace_event_kind(event));
}

}  // namespace

BOOST_AUTO_TEST_CASE(requests_are_told_with_the_prompt_where_it_is_asked_for) {
  for (const int has_prompts : {0, 1}) {
    Painter painter;
    Told told;
    const Options options = options_for(painter);
    must(zimg_options_set_trace, options.get(), &keep_event, &told, nullptr, has_prompts);
    const Generator generator = generator_of(options, memory_cache());
    generated(generator, request_of("a red circle"));
    must(zimg_generator_drain, generator.get());
    generated(generator, request_of("a red circle"));
    BOOST_TEST((told.kinds == std::vector<zimg_trace_kind>{ZIMG_TRACE_KIND_MISS, ZIMG_TRACE_KIND_HIT}));
    for (const std::string& line : told.lines) BOOST_TEST(holds(line, "a red circle") == (has_prompts == 1));
  }
}

BOOST_AUTO_TEST_CASE(requests_are_counted_and_timed) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  generated(generator, request_of("a circle"));
  must(zimg_generator_drain, generator.get());
  for (int i = 0; i < 3; ++i) generated(generator, request_of("a circle"));
  Metrics metrics;
  must(zimg_generator_metrics, generator.get(), metrics.out());
  const auto count = [&](zimg_count which) { return zimg_metrics_count(metrics.get(), which); };
  BOOST_TEST(count(ZIMG_COUNT_HITS) == 3u);
  BOOST_TEST(count(ZIMG_COUNT_MISSES) == 1u);
  BOOST_TEST(count(ZIMG_COUNT_DRAWN) == 1u);
  BOOST_TEST(count(ZIMG_COUNT_STORED) == 1u);
  BOOST_TEST(count(ZIMG_COUNT_SAVED_BYTES) > 0u);
  BOOST_TEST(count(ZIMG_COUNT_LOST) == 0u);  // no count of a generator
  BOOST_TEST(count(-1) == 0u);
  BOOST_TEST(count(99) == 0u);
  BOOST_TEST(zimg_metrics_hit_rate(metrics.get()) == 0.75);
  BOOST_TEST(zimg_metrics_saved_ms(metrics.get()) > 0);

  std::uint64_t hits = 0;
  for (std::size_t i = 0; i <= zimg_histogram_bound_count(); ++i) {
    hits += zimg_metrics_bucket(metrics.get(), ZIMG_HISTOGRAM_HIT, i);
  }
  BOOST_TEST(hits == 3u);
  BOOST_TEST(zimg_metrics_bucket(metrics.get(), ZIMG_HISTOGRAM_HIT, zimg_histogram_bound_count() + 1) == 0u);
  BOOST_TEST(zimg_metrics_bucket(metrics.get(), 6, 0) == 0u);
  BOOST_TEST(zimg_histogram_bound_ms(1) == 2 * zimg_histogram_bound_ms(0));
  BOOST_TEST(zimg_metrics_sum_ms(metrics.get(), ZIMG_HISTOGRAM_DRAW) > 0);
  BOOST_TEST(zimg_metrics_quantile_ms(metrics.get(), ZIMG_HISTOGRAM_HIT, 0.5) > 0);
  BOOST_TEST(zimg_metrics_quantile_ms(metrics.get(), ZIMG_HISTOGRAM_HIT, 2) == 0);

  Text text;
  must(zimg_metrics_prometheus, metrics.get(), text.out());
  BOOST_TEST(holds(text_of(zimg_text_data, text.get()), "zimg_"));
}
