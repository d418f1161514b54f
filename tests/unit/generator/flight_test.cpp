#include "generator/flight.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "unit/generator/gate.hpp"
#include "zimg/error.hpp"

using zimg::Error;
using zimg::ErrorCode;
using zimg::Progress;
using zimg::Request;
using zimg::generator::CachePlan;
using zimg::generator::Drawing;
using zimg::generator::Flight;
using zimg_test::Gate;

namespace {

const CachePlan kKept{true, "", true, true, true, ""};
const CachePlan kUnkept{true, "", true, false, true, "not to be stored"};

bool is_cancelled_error(const Error& e) {
  return e.code() == ErrorCode::kCancelled;
}

struct Fixture {
  std::shared_ptr<Flight> flight = std::make_shared<Flight>();
  std::shared_ptr<const Drawing> drawing = std::make_shared<Drawing>();
  Request one;
  Request other;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flight, Fixture)

BOOST_AUTO_TEST_CASE(gives_its_drawing_to_all_who_wait) {
  const auto seat = Flight::join(flight, one, kKept);
  const auto other_seat = Flight::join(flight, other, kKept);
  auto waiting = std::async(std::launch::async, [&] { return seat->wait(); });
  flight->succeed(drawing);
  BOOST_TEST((waiting.get() == drawing));
  BOOST_TEST((other_seat->wait() == drawing));
}

BOOST_AUTO_TEST_CASE(gives_its_failure_to_all_who_wait) {
  const auto seat = Flight::join(flight, one, kKept);
  const auto other_seat = Flight::join(flight, other, kKept);
  flight->fail({ErrorCode::kDevice, "smoke"});
  for (const auto* each : {&seat, &other_seat}) {
    BOOST_CHECK_EXCEPTION((*each)->wait(), Error, [](const Error& e) { return e.code() == ErrorCode::kDevice; });
  }
}

BOOST_AUTO_TEST_CASE(lets_one_go_whose_token_is_cancelled_and_flies_on_for_the_others) {
  auto seat = Flight::join(flight, one, kKept);
  const auto other_seat = Flight::join(flight, other, kKept);
  auto waiting = std::async(std::launch::async, [&] { return seat->wait(); });
  one.cancel.cancel();
  BOOST_CHECK_EXCEPTION(waiting.get(), Error, is_cancelled_error);
  seat.reset();
  BOOST_TEST(!flight->is_cancelled());
  flight->succeed(drawing);
  BOOST_TEST((other_seat->wait() == drawing));
}

BOOST_AUTO_TEST_CASE(is_cancelled_when_the_last_one_leaves_and_takes_nobody_afterwards) {
  auto seat = Flight::join(flight, one, kKept);
  BOOST_TEST(!flight->is_cancelled());
  seat.reset();
  BOOST_TEST(flight->is_cancelled());
  BOOST_TEST(!Flight::join(flight, other, kKept));
}

// The drawing has been told to stop while the cancelled request still sat there: who came then was cancelled with it.
BOOST_AUTO_TEST_CASE(takes_nobody_once_the_drawing_was_told_to_stop) {
  const auto seat = Flight::join(flight, one, kKept);
  one.cancel.cancel();
  BOOST_TEST(flight->is_cancelled());
  BOOST_TEST(!Flight::join(flight, other, kKept));
  BOOST_TEST(flight->is_cancelled());
}

BOOST_AUTO_TEST_CASE(a_newcomer_keeps_alive_what_nobody_has_stopped_yet) {
  const auto seat = Flight::join(flight, one, kKept);
  one.cancel.cancel();
  const auto other_seat = Flight::join(flight, other, kKept);
  BOOST_REQUIRE(other_seat);
  BOOST_TEST(!flight->is_cancelled());
}

BOOST_AUTO_TEST_CASE(takes_newcomers_while_its_picture_is_being_stored) {
  auto seat = Flight::join(flight, one, kKept);
  flight->succeed(drawing);
  seat.reset();
  const auto late = Flight::join(flight, other, kKept);
  BOOST_REQUIRE(late);
  BOOST_TEST((late->wait() == drawing));
}

BOOST_AUTO_TEST_CASE(shows_a_preview_to_those_who_asked_for_one) {
  std::size_t one_saw = 0;
  std::size_t other_saw = 0;
  one.on_progress = [&](const Progress& progress) { one_saw += progress.preview.size() + progress.preview_width; };
  other.preview = true;
  other.on_progress = [&](const Progress& progress) { other_saw += progress.preview.size() + progress.preview_width; };
  const auto seat = Flight::join(flight, one, kKept);
  BOOST_TEST(!flight->wants_preview());
  const auto other_seat = Flight::join(flight, other, kKept);
  BOOST_TEST(flight->wants_preview());
  Progress progress;
  progress.preview = {1, 2, 3};
  progress.preview_width = progress.preview_height = 1;
  flight->on_progress(progress);
  BOOST_TEST(one_saw == 0u);
  BOOST_TEST(other_saw == 4u);
}

BOOST_AUTO_TEST_CASE(a_callback_that_throws_ends_its_own_request_alone) {
  int calls = 0;
  one.on_progress = [&](const Progress&) {
    ++calls;
    throw std::runtime_error("the callback's own");
  };
  const auto seat = Flight::join(flight, one, kKept);
  const auto other_seat = Flight::join(flight, other, kKept);
  flight->on_progress(Progress{});
  flight->on_progress(Progress{});
  BOOST_TEST(calls == 1);
  BOOST_TEST(!flight->is_cancelled());
  flight->succeed(drawing);  // the picture being there makes no difference
  BOOST_CHECK_EXCEPTION(seat->wait(), std::runtime_error,
                        [](const auto& e) { return std::string(e.what()) == "the callback's own"; });
  BOOST_TEST((other_seat->wait() == drawing));
}

BOOST_AUTO_TEST_CASE(calls_nobody_back_who_is_cancelled_or_has_left) {
  int calls = 0;
  one.on_progress = other.on_progress = [&](const Progress&) { ++calls; };
  auto seat = Flight::join(flight, one, kKept);
  auto other_seat = Flight::join(flight, other, kKept);
  flight->on_progress(Progress{});
  BOOST_TEST(calls == 2);
  one.cancel.cancel();
  flight->on_progress(Progress{});
  BOOST_TEST(calls == 3);
  other_seat.reset();
  flight->on_progress(Progress{});
  BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(a_request_stays_until_its_own_callback_is_done) {
  Gate inside;
  Gate leave;
  std::atomic<bool> callback_is_done = false;
  one.on_progress = [&](const Progress&) {
    inside.open();
    leave.pass();
    callback_is_done = true;
  };
  auto seat = Flight::join(flight, one, kKept);
  auto drawing_thread = std::async(std::launch::async, [&] { flight->on_progress(Progress{}); });
  BOOST_TEST(inside.pass());
  auto leaving = std::async(std::launch::async, [&] {
    seat.reset();
    return callback_is_done.load();
  });
  BOOST_TEST((leaving.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  leave.open();
  BOOST_TEST(leaving.get());
  drawing_thread.get();
}

BOOST_AUTO_TEST_CASE(a_pipeline_of_several_threads_tells_one_step_at_a_time) {
  Gate inside;
  Gate leave;
  std::atomic<int> calls = 0;
  std::atomic<bool> first_is_done = false;
  std::atomic<bool> second_came_early = false;
  one.on_progress = [&](const Progress&) {
    if (++calls == 1) {
      inside.open();
      leave.pass();
      first_is_done = true;
    } else if (!first_is_done) {
      second_came_early = true;
    }
  };
  auto seat = Flight::join(flight, one, kKept);
  auto first = std::async(std::launch::async, [&] { flight->on_progress(Progress{}); });
  BOOST_TEST(inside.pass());
  auto second = std::async(std::launch::async, [&] { flight->on_progress(Progress{}); });
  BOOST_TEST((second.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  auto leaving = std::async(std::launch::async, [&] {
    seat.reset();
    return first_is_done.load();
  });
  BOOST_TEST((leaving.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  leave.open();
  BOOST_TEST(leaving.get());
  first.get();
  second.get();
  BOOST_TEST(!second_came_early);
}

BOOST_AUTO_TEST_CASE(a_slow_callback_holds_up_nobody_else) {
  Gate inside;
  Gate leave;
  one.on_progress = [&](const Progress&) {
    inside.open();
    leave.pass();
  };
  const auto seat = Flight::join(flight, one, kKept);
  auto other_seat = Flight::join(flight, other, kKept);
  auto drawing_thread = std::async(std::launch::async, [&] { flight->on_progress(Progress{}); });
  BOOST_TEST(inside.pass());
  other.cancel.cancel();
  BOOST_CHECK_EXCEPTION(other_seat->wait(), Error, is_cancelled_error);
  other_seat.reset();
  const auto late = Flight::join(flight, other, kKept);
  BOOST_TEST(!leave.is_open());
  leave.open();
  drawing_thread.get();
}

BOOST_AUTO_TEST_SUITE_END()
