// zimg_prewarm: draws what is missing of a list, within budgets, until it is told to stop.
#include <stdexcept>

#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

Prewarm run_of(unsigned items) {
  Prewarm prewarm;
  must(zimg_prewarm_create, prewarm.out());
  for (unsigned i = 0; i < items; ++i) {
    must(zimg_prewarm_add, prewarm.get(), static_cast<const zimg_request*>(request_of("a circle", i).get()), 1.0 * i);
  }
  return prewarm;
}

PrewarmReport report_of(const Prewarm& prewarm, const Generator& generator, zimg_tally_function on_progress = nullptr,
                        void* user_data = nullptr) {
  PrewarmReport report;
  must(zimg_prewarm_run, static_cast<const zimg_prewarm*>(prewarm.get()), generator.get(), on_progress, user_data,
       report.out());
  return report;
}

std::uint64_t count_of(const PrewarmReport& report, zimg_count count) {
  return zimg_prewarm_report_count(report.get(), count);
}

}  // namespace

BOOST_AUTO_TEST_CASE(draws_what_is_missing_and_tells_failures_by_their_place) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  generated(generator, request_of("a circle", 0));
  must(zimg_generator_drain, generator.get());
  const Prewarm prewarm = run_of(4);
  const Request wrong = request_of("a circle");
  must(zimg_request_set_size, wrong.get(), 63u, 64u);
  must(zimg_prewarm_add, prewarm.get(), static_cast<const zimg_request*>(wrong.get()), 0.0);
  must(zimg_prewarm_set_at_once, prewarm.get(), 3u);
  std::uint64_t last_checked = 0;
  const PrewarmReport report = report_of(
      prewarm, generator,
      +[](void* checked, const zimg_tally* so_far) {
        BOOST_TEST(zimg_tally_count(so_far, ZIMG_COUNT_LISTED) == 5u);
        *static_cast<std::uint64_t*>(checked) = zimg_tally_count(so_far, ZIMG_COUNT_CHECKED);
        return 1;
      },
      &last_checked);
  BOOST_TEST(last_checked == 5u);
  BOOST_TEST(zimg_prewarm_report_end(report.get()) == ZIMG_PREWARM_END_ALL_DONE);
  BOOST_TEST(count_of(report, ZIMG_COUNT_LISTED) == 5u);
  BOOST_TEST(count_of(report, ZIMG_COUNT_FOUND) == 1u);
  BOOST_TEST(count_of(report, ZIMG_COUNT_DRAWN) == 3u);
  BOOST_TEST(count_of(report, ZIMG_COUNT_DIFFERENT) == 4u);
  BOOST_TEST(count_of(report, ZIMG_COUNT_LEFT) == 0u);
  BOOST_TEST(count_of(report, ZIMG_COUNT_DRAWN_BYTES) > 0u);
  BOOST_TEST(zimg_prewarm_report_seconds(report.get()) > 0);
  BOOST_TEST(text_of(zimg_prewarm_report_note, report.get()).empty());
  BOOST_REQUIRE(zimg_prewarm_report_failure_count(report.get()) == 1u);
  BOOST_TEST(zimg_prewarm_report_failure_item(report.get(), 0) == 4u);
  BOOST_TEST(zimg_prewarm_report_failure_status(report.get(), 0) == ZIMG_STATUS_INVALID_ARGUMENT);
  BOOST_TEST(holds(text_of(zimg_prewarm_report_failure_message, report.get(), std::size_t{0}), "63"));
  BOOST_TEST(zimg_prewarm_report_failure_status(report.get(), 1) == ZIMG_STATUS_OK);
  BOOST_TEST(painter.drawings == 4);
}

BOOST_AUTO_TEST_CASE(stops_where_its_budget_ends) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Prewarm prewarm = run_of(6);
  must(zimg_prewarm_set_at_once, prewarm.get(), 1u);
  must(zimg_prewarm_set_budget_pictures, prewarm.get(), std::uint64_t{2});
  must(zimg_prewarm_set_budget_seconds, prewarm.get(), 3600.0);
  const PrewarmReport by_pictures = report_of(prewarm, generator);
  BOOST_TEST(zimg_prewarm_report_end(by_pictures.get()) == ZIMG_PREWARM_END_PICTURES_SPENT);
  BOOST_TEST(count_of(by_pictures, ZIMG_COUNT_LEFT) == 4u);
  const Prewarm again = run_of(6);
  must(zimg_prewarm_set_budget_bytes, again.get(), std::uint64_t{1});
  BOOST_TEST(zimg_prewarm_report_end(report_of(again, generator).get()) == ZIMG_PREWARM_END_BYTES_SPENT);
  must(zimg_prewarm_set_budget_bytes, again.get(), std::uint64_t{0});
  PrewarmReport report;
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_prewarm_run, static_cast<const zimg_prewarm*>(again.get()),
          generator.get(), nullptr, nullptr, report.out());
}

BOOST_AUTO_TEST_CASE(stops_for_its_callback_and_for_its_token) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  Token token;
  must(zimg_cancel_token_create, token.out());
  const Prewarm prewarm = run_of(6);
  must(zimg_prewarm_set_cancel_token, prewarm.get(), static_cast<const zimg_cancel_token*>(token.get()));
  const PrewarmReport stopped = report_of(
      prewarm, generator, +[](void*, const zimg_tally*) { return 0; });
  BOOST_TEST(zimg_prewarm_report_end(stopped.get()) == ZIMG_PREWARM_END_CANCELLED);
  BOOST_TEST(zimg_cancel_token_is_cancelled(token.get()) == 0);
  BOOST_TEST(zimg_prewarm_report_end(report_of(prewarm, generator).get()) == ZIMG_PREWARM_END_ALL_DONE);
  zimg_cancel_token_cancel(token.get());
  BOOST_TEST(zimg_prewarm_report_end(report_of(prewarm, generator).get()) == ZIMG_PREWARM_END_CANCELLED);
}

BOOST_AUTO_TEST_CASE(a_callback_that_throws_ends_the_run_with_its_words) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Prewarm prewarm = run_of(2);
  PrewarmReport report;
  BOOST_TEST(holds(
      refused(
          ZIMG_STATUS_INTERNAL, zimg_prewarm_run, static_cast<const zimg_prewarm*>(prewarm.get()), generator.get(),
          +[](void*, const zimg_tally*) -> int { throw std::runtime_error("enough is drawn"); }, nullptr, report.out()),
      "enough is drawn"));
}

BOOST_AUTO_TEST_CASE(without_a_cache_it_ends_at_once_and_says_why) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const PrewarmReport report = report_of(run_of(3), generator);
  BOOST_TEST(zimg_prewarm_report_end(report.get()) == ZIMG_PREWARM_END_NOT_STORED);
  BOOST_TEST(!text_of(zimg_prewarm_report_note, report.get()).empty());
}
