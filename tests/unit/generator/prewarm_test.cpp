#include "zimg/prewarm.hpp"

#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::FaultyCache;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  static std::vector<PrewarmItem> items(std::size_t count) {
    std::vector<PrewarmItem> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back({small_request("circle " + std::to_string(i)), 0});
    return all;
  }

  std::vector<std::string> drawn_prompts() {
    std::vector<std::string> prompts;
    for (const DrawingOrder& order : pipeline->orders()) prompts.push_back(order.prompt);
    return prompts;
  }

  GeneratorOptions options_with_list(const std::string& words, KeywordAction action, const std::string& tag) {
    std::ofstream(folder.path("list")) << words << "\n";
    GeneratorOptions with = options();
    with.keywords = {{folder.path("list"), action, tag}};
    return with;
  }

  const zimg_test::TemporaryFolder folder;

  static PrewarmOptions one_at_once() {
    PrewarmOptions options;
    options.at_once = 1;
    return options;
  }
};

std::string end_of(const PrewarmReport& report) {
  return prewarm_end_name(report.end);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(prewarm_of_a_list, Fixture)

BOOST_AUTO_TEST_CASE(draws_what_is_missing_and_no_more) {
  Generator generator(options(), cache);
  generator.generate(small_request("circle 3"));
  generator.drain();
  auto list = items(10);
  list.push_back(list[5]);
  const PrewarmReport first = prewarm(generator, list);
  BOOST_TEST(end_of(first) == "all done");
  BOOST_TEST(first.listed == 11u);
  BOOST_TEST(first.different == 10u);
  BOOST_TEST(first.found == 1u);
  BOOST_TEST(first.drawn == 9u);
  BOOST_TEST(first.left == 0u);
  BOOST_TEST(first.unstored == 0u);
  BOOST_TEST(first.drawn_bytes > 0u);
  BOOST_TEST(pipeline->drawings() == 10u);
  BOOST_TEST(cache->stats().entries == 10u);
  const PrewarmReport second = prewarm(generator, list);
  BOOST_TEST(second.found == 10u);
  BOOST_TEST(second.drawn == 0u);
  BOOST_TEST(pipeline->drawings() == 10u);
}

BOOST_AUTO_TEST_CASE(has_a_picture_ready_in_every_format_that_is_listed) {
  std::vector<PrewarmItem> list = items(1);
  list.insert(list.begin(), list[0]);
  list.front().request.format = ImageFormat::kJpeg;
  for (const auto& [kept, drawn] : {std::pair(Kept::kLossless, 1u), std::pair(Kept::kDelivered, 2u)}) {
    GeneratorOptions keeping = options();
    keeping.kept = kept;
    Generator generator(keeping, make_memory_cache(64u << 20));
    const PrewarmReport report = prewarm(generator, list, one_at_once());
    BOOST_TEST(end_of(report) == "all done");
    BOOST_TEST(report.different == 2u);
    BOOST_TEST(report.drawn == drawn);
    BOOST_TEST(report.found == 2u - drawn);
    for (const PrewarmItem& item : list) {
      Request again = item.request;
      again.mode = CacheMode::kOnlyIfCached;
      BOOST_CHECK_NO_THROW(generator.generate(again));
    }
  }
}

BOOST_AUTO_TEST_CASE(pins_what_any_line_of_the_list_pins) {
  Generator generator(options(), cache);
  std::vector<PrewarmItem> list = items(2);
  list.push_back(list[0]);
  list.back().request.pin = true;
  const auto pinned = [&] {
    std::size_t count = 0;
    cache->list([&](const CacheKey&, const EntryInfo& info, std::uint64_t) {
      count += info.is_pinned ? 1 : 0;
      return true;
    });
    return count;
  };
  for (const std::size_t found : {0u, 2u}) {  // as it is drawn, and where it is there
    const PrewarmReport report = prewarm(generator, list, one_at_once());
    BOOST_TEST(report.found == found);
    BOOST_TEST(report.drawn == 2u - found);
    BOOST_TEST(pinned() == 1u);
    cache->pin(generator.key(list[0].request), false);
  }
}

// What was found after all is not of the budget.
BOOST_AUTO_TEST_CASE(spends_its_budget_on_what_it_draws) {
  std::vector<PrewarmItem> list = items(2);
  list.insert(list.begin() + 1, list[0]);
  list[1].request.format = ImageFormat::kJpeg;
  PrewarmOptions limited = one_at_once();
  limited.budget_pictures = 2;
  Generator generator(options(), cache);
  const PrewarmReport report = prewarm(generator, list, limited);
  BOOST_TEST(end_of(report) == "all done");
  BOOST_TEST(report.drawn == 2u);
  BOOST_TEST(report.found == 1u);
}

BOOST_AUTO_TEST_CASE(draws_by_priority_then_in_order) {
  Generator generator(options(), cache);
  auto list = items(5);
  list[3].priority = 2;
  list[1].priority = 2;
  list[4].priority = -1;
  prewarm(generator, list, one_at_once());
  BOOST_TEST((drawn_prompts() == std::vector<std::string>{"circle 1", "circle 3", "circle 0", "circle 2", "circle 4"}));
}

BOOST_AUTO_TEST_CASE(keeps_within_a_budget_of_pictures) {
  Generator generator(options(), cache);
  PrewarmOptions limited;
  limited.at_once = 4;
  limited.budget_pictures = 3;
  for (const std::size_t left : {7u, 4u, 1u}) {
    const PrewarmReport report = prewarm(generator, items(10), limited);
    BOOST_TEST(end_of(report) == "pictures spent");
    BOOST_TEST(report.drawn == 3u);
    BOOST_TEST(report.left == left);
  }
  BOOST_TEST(end_of(prewarm(generator, items(10), limited)) == "all done");
  BOOST_TEST(pipeline->drawings() == 10u);
}

BOOST_AUTO_TEST_CASE(keeps_within_a_budget_of_bytes) {
  Generator generator(options(), cache);
  PrewarmOptions limited = one_at_once();
  limited.budget_bytes = 1;
  const PrewarmReport report = prewarm(generator, items(3), limited);
  BOOST_TEST(end_of(report) == "bytes spent");
  BOOST_TEST(report.drawn == 1u);
  BOOST_TEST(report.left == 2u);
}

BOOST_AUTO_TEST_CASE(keeps_within_a_budget_of_seconds) {
  Generator generator(options(), cache);
  pipeline->before = [](const DrawingOrder&, IDrawingObserver&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
  };
  PrewarmOptions limited = one_at_once();
  limited.budget_seconds = 0.05;
  const PrewarmReport report = prewarm(generator, items(50), limited);
  BOOST_TEST(end_of(report) == "seconds spent");
  BOOST_TEST(report.drawn <= 1u);
  BOOST_TEST(report.drawn + report.left == 50u);
}

// A budget that is used up by the last picture is not what ended the run.
BOOST_AUTO_TEST_CASE(is_done_when_a_budget_just_suffices) {
  Generator generator(options(), cache);
  PrewarmOptions limited;
  limited.budget_pictures = 4;
  BOOST_TEST(end_of(prewarm(generator, items(4), limited)) == "all done");
}

BOOST_AUTO_TEST_CASE(goes_on_after_it_was_cancelled) {
  Generator generator(options(), cache);
  PrewarmOptions cancelled = one_at_once();
  cancelled.on_progress = [&](const PrewarmProgress& progress) {
    if (progress.done == 3) cancelled.cancel.cancel();
  };
  const PrewarmReport report = prewarm(generator, items(8), cancelled);
  BOOST_TEST(end_of(report) == "cancelled");
  BOOST_TEST(report.drawn == 3u);
  BOOST_TEST(report.left == 5u);
  const PrewarmReport again = prewarm(generator, items(8));
  BOOST_TEST(again.found == 3u);
  BOOST_TEST(again.drawn == 5u);
  BOOST_TEST(pipeline->drawings() == 8u);
}

BOOST_AUTO_TEST_CASE(gives_up_a_drawing_that_is_under_way) {
  Generator generator(options(), cache);
  PrewarmOptions cancelled;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver&) { cancelled.cancel.cancel(); };
  const PrewarmReport report = prewarm(generator, items(4), cancelled);
  BOOST_TEST(end_of(report) == "cancelled");
  BOOST_TEST(report.drawn == 0u);
  BOOST_TEST(report.left == 4u);
}

BOOST_AUTO_TEST_CASE(tells_of_items_that_fail_and_goes_on) {
  Generator generator(options(), cache);
  auto list = items(5);
  list[0].request.width = 100;
  pipeline->before = [](const DrawingOrder& order, IDrawingObserver&) {
    if (order.prompt == "circle 2") throw Error(ErrorCode::kDevice, "NaN");
  };
  const PrewarmReport report = prewarm(generator, list);
  BOOST_TEST(end_of(report) == "all done");
  BOOST_TEST(report.drawn == 3u);
  BOOST_REQUIRE(report.failures.size() == 2u);
  BOOST_TEST(report.failures[0].item == 0u);
  BOOST_TEST((report.failures[0].code == ErrorCode::kInvalidArgument));
  BOOST_TEST(report.failures[1].item == 2u);
  BOOST_TEST((report.failures[1].code == ErrorCode::kDevice));
}

BOOST_AUTO_TEST_CASE(throws_what_would_fail_every_item) {
  Generator generator(options(), cache);
  pipeline->before = [](const DrawingOrder&, IDrawingObserver&) { throw Error(ErrorCode::kOutOfMemory, "memory"); };
  BOOST_CHECK_EXCEPTION(prewarm(generator, items(20)), Error, is_error(ErrorCode::kOutOfMemory, "memory"));
  BOOST_TEST(pipeline->drawings() <= 2u);
}

BOOST_AUTO_TEST_CASE(throws_what_the_callback_throws) {
  Generator generator(options(), cache);
  PrewarmOptions throwing;
  throwing.on_progress = [](const PrewarmProgress& progress) {
    if (progress.done == 1) throw Error(ErrorCode::kCancelled, "its own words");
  };
  BOOST_CHECK_EXCEPTION(prewarm(generator, items(20), throwing), Error,
                        is_error(ErrorCode::kCancelled, "its own words"));
}

BOOST_AUTO_TEST_CASE(stops_when_nothing_is_stored) {
  Generator generator(options(), nullptr);
  const PrewarmReport report = prewarm(generator, items(20), one_at_once());
  BOOST_TEST(end_of(report) == "not stored");
  BOOST_TEST(report.note == "there is no cache");
  BOOST_TEST(report.unstored == 1u);
  BOOST_TEST(report.left == 19u);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(goes_on_past_pictures_that_are_not_to_be_stored) {
  Generator generator(options_with_list("circle 1", KeywordAction::kNoStore, ""), cache);
  const PrewarmReport report = prewarm(generator, items(4));
  BOOST_TEST(end_of(report) == "all done");
  BOOST_TEST(report.unstored == 1u);
  BOOST_TEST(report.drawn == 3u);
}

BOOST_AUTO_TEST_CASE(goes_on_past_a_picture_that_the_cache_would_not_hold) {
  Generator generator(options(), make_memory_cache(3'000));
  std::vector<PrewarmItem> list = items(6);
  const auto make_large = [&list](std::size_t item) { list[item].request.width = list[item].request.height = 512; };
  make_large(1);
  make_large(3);
  PrewarmReport report = prewarm(generator, list, one_at_once());
  BOOST_TEST(end_of(report) == "not stored");
  BOOST_TEST(report.note == "the picture is larger than the cache would hold");
  BOOST_TEST(report.unstored == 2u);
  BOOST_TEST(report.drawn == 4u);
  BOOST_TEST(report.left == 0u);

  for (PrewarmItem& item : list) item.request.prompt += " again";
  make_large(2);
  report = prewarm(generator, list, one_at_once());
  BOOST_TEST(end_of(report) == "not stored");
  BOOST_TEST(report.unstored == 2u);
  BOOST_TEST(report.drawn == 1u);
  BOOST_TEST(report.left == 3u);
}

BOOST_AUTO_TEST_CASE(stops_when_nothing_is_stored_of_what_a_keyword_list_only_tags) {
  const auto full = std::make_shared<FaultyCache>();
  full->refusal = StoreOutcome::kTooFull;
  for (const auto& [own, note] :
       {std::pair(full, "the cache is full"), std::pair(std::shared_ptr<FaultyCache>(), "there is no cache")}) {
    const std::size_t before = pipeline->drawings();
    Generator generator(options_with_list("circle", KeywordAction::kTag, "round"), own);
    const PrewarmReport report = prewarm(generator, items(20), one_at_once());
    BOOST_TEST(end_of(report) == "not stored");
    BOOST_TEST(report.note == note);
    BOOST_TEST(report.unstored == 1u);
    BOOST_TEST(report.left == 19u);
    BOOST_TEST(pipeline->drawings() == before + 1);
  }
}

// The first store ends after the second drawing has found no room behind it.
BOOST_AUTO_TEST_CASE(draws_again_what_was_dropped_because_too_many_were_waiting_to_be_stored) {
  const auto slow = std::make_shared<FaultyCache>();
  slow->before_store = [&] { zimg_test::comes_true([&] { return pipeline->drawings() >= 3; }); };
  GeneratorOptions narrow = options();
  narrow.pending_stores = 1;
  Generator generator(narrow, slow);
  PrewarmOptions wide;
  wide.at_once = 4;
  std::vector<PrewarmProgress> told;
  wide.on_progress = [&](const PrewarmProgress& progress) { told.push_back(progress); };
  const PrewarmReport report = prewarm(generator, items(8), wide);
  BOOST_TEST(end_of(report) == "all done");
  BOOST_TEST(report.note == "");
  BOOST_TEST(report.drawn == 8u);
  BOOST_TEST(report.unstored + report.left == 0u);
  BOOST_TEST(slow->stats().entries == 8u);
  BOOST_TEST(pipeline->drawings() > 8u);
  BOOST_TEST(pipeline->drawings() < 8u + wide.at_once + wide.at_once);
  BOOST_TEST(told.size() == 16u);
  BOOST_TEST(told.back().done == 8u);
  BOOST_TEST(told.back().missing == 8u);
}

BOOST_AUTO_TEST_CASE(leaves_what_was_dropped_because_others_fill_the_queue_and_goes_on) {
  const auto slow = std::make_shared<FaultyCache>();
  Gate gate;
  slow->before_store = [&] { gate.pass(); };
  GeneratorOptions narrow = options();
  narrow.pending_stores = 1;
  Generator generator(narrow, slow);
  generator.generate(small_request("another's picture"));
  std::thread opener([&] {
    BOOST_TEST(zimg_test::comes_true([&] { return pipeline->drawings() == 2; }));
    Request next = small_request("drawn once the one before it has been dropped");
    next.mode = CacheMode::kNoStore;
    generator.generate(next);
    gate.open();
  });
  const PrewarmReport report = prewarm(generator, items(4), one_at_once());
  opener.join();
  BOOST_TEST(end_of(report) == "not stored");
  BOOST_TEST(report.note == "too many pictures were waiting to be stored");
  BOOST_TEST(report.drawn == 3u);
  BOOST_TEST(report.unstored == 0u);
  BOOST_TEST(report.left == 1u);
  const PrewarmReport again = prewarm(generator, items(4));
  BOOST_TEST(end_of(again) == "all done");
  BOOST_TEST(again.found == 3u);
  BOOST_TEST(again.drawn == 1u);
}

BOOST_AUTO_TEST_CASE(tells_how_far_it_is) {
  Generator generator(options(), cache);
  PrewarmOptions telling;
  telling.at_once = 3;
  std::vector<PrewarmProgress> told;
  telling.on_progress = [&](const PrewarmProgress& progress) { told.push_back(progress); };
  prewarm(generator, items(6), telling);
  BOOST_REQUIRE(told.size() == 12u);
  BOOST_TEST(told[5].checked == 6u);
  for (std::size_t i = 6; i < 12; ++i) {
    BOOST_TEST(told[i].missing == 6u);
    BOOST_TEST(told[i].done == i - 5);
  }
}

BOOST_AUTO_TEST_CASE(refuses_wrong_use_before_any_work) {
  Generator generator(options(), cache);
  const auto refuse = [&](const std::string& words, const std::function<void(PrewarmOptions&)>& make) {
    PrewarmOptions wrong;
    make(wrong);
    BOOST_CHECK_EXCEPTION(prewarm(generator, items(2), wrong), Error, is_error(ErrorCode::kInvalidArgument, words));
  };
  refuse("at_once is 0", [](PrewarmOptions& o) { o.at_once = 0; });
  refuse("at_once is 65", [](PrewarmOptions& o) { o.at_once = 65; });
  refuse("0 pictures", [](PrewarmOptions& o) { o.budget_pictures = 0; });
  refuse("0 bytes", [](PrewarmOptions& o) { o.budget_bytes = 0; });
  refuse("seconds", [](PrewarmOptions& o) { o.budget_seconds = 0; });
  refuse("seconds", [](PrewarmOptions& o) { o.budget_seconds = std::numeric_limits<double>::quiet_NaN(); });
  auto list = items(2);
  list[1].request.random_seed = true;
  BOOST_CHECK_EXCEPTION(prewarm(generator, list), Error, is_error(ErrorCode::kInvalidArgument, "item 2"));
  list = items(2);
  list[0].priority = std::numeric_limits<double>::infinity();
  BOOST_CHECK_EXCEPTION(prewarm(generator, list), Error, is_error(ErrorCode::kInvalidArgument, "priority"));
  BOOST_TEST(pipeline->drawings() == 0u);
  BOOST_TEST(prewarm(generator, {}).listed == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
