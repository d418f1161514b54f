#include <algorithm>
#include <atomic>
#include <thread>

#include "base/scope_exit.hpp"
#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::Asked;
using zimg_test::comes_true;
using zimg_test::FaultyCache;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  std::shared_ptr<FaultyCache> busy = std::make_shared<FaultyCache>();
  int looks = 0;

  // Runs `meanwhile` in each of this thread's looks into the cache, before anything is found, with its number. What
  // `meanwhile` itself asks for is not counted.
  void while_looking(const std::function<void(int)>& meanwhile) {
    busy->before_find = [this, meanwhile, asker = std::this_thread::get_id(), is_inside = std::make_shared<bool>()] {
      if (std::this_thread::get_id() != asker || *is_inside) return;
      *is_inside = true;
      const base::ScopeExit leave([&] { *is_inside = false; });
      meanwhile(++looks);
    };
  }

  // A drawing that begins and is stored before this returns.
  static void refresh(Generator& generator, const std::string& prompt) {
    Request request = small_request(prompt);
    request.mode = CacheMode::kRefresh;
    generator.generate(request);
    generator.drain();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(joining, Fixture)

BOOST_AUTO_TEST_CASE(equal_requests_in_parallel_are_drawn_once) {
  for (const bool is_cached : {true, false}) {
    Gate gate;
    hold_drawings(gate);
    Generator generator(options(), is_cached ? cache : nullptr);
    const std::size_t before = pipeline->drawings();
    std::vector<std::unique_ptr<Asked>> all;
    for (int i = 0; i < 8; ++i) all.push_back(ask(generator, small_request("a red circle")));
    for (const auto& asked : all) BOOST_TEST(asked->aboard->pass());
    gate.open();
    std::vector<Result> results;
    for (const auto& asked : all) results.push_back(asked->result.get());
    const auto drawn = std::count_if(results.begin(), results.end(),
                                     [](const Result& r) { return r.report.outcome == Outcome::kDrawn; });
    BOOST_TEST(drawn == 1);
    for (const Result& result : results) {
      BOOST_TEST((*result.bytes == *results.front().bytes));
      BOOST_TEST(result.report.payload_sha256 == results.front().report.payload_sha256);
      if (result.report.outcome != Outcome::kDrawn) BOOST_TEST(outcome_name(result.report.outcome) == "joined");
    }
    BOOST_TEST(pipeline->drawings() == before + 1);
    pipeline->before = nullptr;
  }
}

BOOST_AUTO_TEST_CASE(a_thousand_equal_requests_at_once_are_drawn_once) {
  constexpr int kRequests = 1000;
  Gate gate;
  Generator generator(options(), cache);
  std::atomic<int> drawn = 0;
  std::atomic<int> wrong = 0;
  std::atomic<unsigned> hits = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kRequests; ++i) {
    threads.emplace_back([&] {
      gate.pass();
      const Result result = generator.generate(small_request("a red circle"));
      if (result.report.outcome == Outcome::kDrawn) ++drawn;
      if (result.report.outcome == Outcome::kHit) ++hits;
      if (result.bytes->empty() || !result.report.warnings.empty()) ++wrong;
    });
  }
  gate.open();
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(drawn == 1);
  BOOST_TEST(wrong == 0);
  BOOST_TEST(pipeline->drawings() == 1u);
  BOOST_TEST(cache->stats().misses == 1u);  // who joined neither hit nor missed
  BOOST_TEST(cache->stats().hits == hits);
}

BOOST_AUTO_TEST_CASE(a_miss_is_not_held_back_by_the_ends_of_others_drawings) {
  constexpr int kMany = 20;
  Generator generator(options(), busy);
  while_looking([&](int look) {
    if (look < kMany) refresh(generator, "another picture");
  });
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
  BOOST_TEST(looks <= 2);  // two where the keys share a counter
}

BOOST_AUTO_TEST_CASE(a_picture_that_was_stored_while_the_cache_was_looked_into_is_not_drawn_again) {
  std::atomic<bool> fails_another = false;
  std::unique_ptr<Asked> another;  // comes aboard of the one that looks again
  Generator generator(options(), busy);
  while_looking([&](int look) {
    if (look == 1) {
      refresh(generator, "a red circle");
      throw Error(ErrorCode::kCache, "it was not there yet");
    }
    fails_another = true;
    another = ask(generator, small_request("a red circle"));
    BOOST_TEST(comes_true([&] { return generator.metrics().lookup_ms.count() == 2; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // if it is slow to board, it only looks again itself
  });
  busy->before_find = [&, own = busy->before_find] {
    own();
    if (fails_another.exchange(false)) throw Error(ErrorCode::kCache, "it was not there yet either");
  };
  const Result result = generator.generate(small_request("a red circle"));
  BOOST_TEST(result.report.is_hit());
  BOOST_TEST(result.report.warnings.size() == 1u);
  BOOST_REQUIRE(another);
  const Result others = another->result.get();
  BOOST_TEST(outcome_name(others.report.outcome) != "drawn");
  BOOST_TEST((*others.bytes == *result.bytes));
  BOOST_TEST(looks == 2);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(who_looks_again_in_vain_draws) {
  Generator generator(options(), busy);
  while_looking([&](int look) {
    if (look == 1) refresh(generator, "a red circle");
    throw Error(ErrorCode::kCache, "the disk is gone");
  });
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
  BOOST_TEST(looks == 2);
  BOOST_TEST(pipeline->drawings() == 2u);
}

BOOST_AUTO_TEST_CASE(a_pipeline_that_throws_anything_strands_nobody) {
  Gate gate;
  std::atomic<int> drawings = 0;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver& observer) {
    if (++drawings > 1) return;
    comes_true([&] {
      zimg_test::FakePipeline::tell_progress(observer, 0, 3);
      return gate.is_open();
    });
    throw 42;  // NOLINT: no exception class at all
  };
  Generator generator(options(), cache);
  std::vector<std::unique_ptr<Asked>> all;
  for (int i = 0; i < 3; ++i) all.push_back(ask(generator, small_request("a red circle")));
  for (const auto& asked : all) BOOST_TEST(asked->aboard->pass());
  gate.open();
  for (const auto& asked : all) {
    BOOST_CHECK_EXCEPTION(asked->result.get(), Error, is_error(ErrorCode::kInternal, "pipeline"));
  }
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
}

BOOST_AUTO_TEST_CASE(unequal_requests_are_not) {
  GeneratorOptions wide = options();
  wide.drawings_at_once = 4;
  Gate gate;
  hold_drawings(gate);
  Generator generator(wide, cache);
  Request bypassing = small_request("a red circle");
  bypassing.mode = CacheMode::kBypass;
  Request random = small_request("a red circle");
  random.random_seed = true;
  std::vector<std::unique_ptr<Asked>> all;
  for (const Request& request : {small_request("a red circle"), small_request("a blue circle"), bypassing, random}) {
    all.push_back(ask(generator, request));
  }
  for (const auto& asked : all) BOOST_TEST(asked->aboard->pass());
  gate.open();
  for (const auto& asked : all) BOOST_TEST(outcome_name(asked->result.get().report.outcome) == "drawn");
  BOOST_TEST(pipeline->drawings() == 4u);
}

BOOST_AUTO_TEST_CASE(each_joins_in_the_format_that_it_asked_for) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  Request jpeg = small_request("a red circle");
  jpeg.format = ImageFormat::kJpeg;
  auto one = ask(generator, small_request("a red circle"));
  auto other = ask(generator, jpeg);
  BOOST_TEST(one->aboard->pass());
  BOOST_TEST(other->aboard->pass());
  gate.open();
  BOOST_TEST(one->result.get().bytes->front() == 0x89);
  BOOST_TEST(other->result.get().bytes->front() == 0xFF);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_cancelled_leaves_the_drawing_to_who_waits) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  auto leader = ask(generator, small_request("a red circle"));
  BOOST_TEST(leader->aboard->pass());
  auto other = ask(generator, small_request("a red circle"));
  BOOST_TEST(other->aboard->pass());
  leader->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(leader->result.get(), Error, is_error(ErrorCode::kCancelled));
  gate.open();
  const Result result = other->result.get();
  BOOST_TEST(outcome_name(result.report.outcome) == "joined");
  generator.drain();
  BOOST_TEST(generator.generate(small_request("a red circle")).report.is_hit());
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(the_last_one_that_leaves_cancels_the_drawing_and_the_next_draws_anew) {
  Gate stopped;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver& observer) {
    if (stopped.is_open()) return;
    comes_true([&] {
      zimg_test::FakePipeline::tell_progress(observer, 0, 3);
      return observer.is_cancelled();
    });
    stopped.open();
  };
  Generator generator(options(), cache);
  auto one = ask(generator, small_request("a red circle"));
  auto other = ask(generator, small_request("a red circle"));
  BOOST_TEST(one->aboard->pass());
  BOOST_TEST(other->aboard->pass());
  one->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(one->result.get(), Error, is_error(ErrorCode::kCancelled));
  BOOST_TEST(!stopped.is_open());
  other->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(other->result.get(), Error, is_error(ErrorCode::kCancelled));
  BOOST_TEST(stopped.pass());
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
  BOOST_TEST(pipeline->drawings() == 2u);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_cancelled_in_the_queue_is_never_drawn) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  auto drawing = ask(generator, small_request("drawn first"));
  BOOST_TEST(drawing->aboard->pass());
  auto queued = ask(generator, small_request("never drawn"));
  queued->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(queued->result.get(), Error, is_error(ErrorCode::kCancelled));
  gate.open();
  drawing->result.get();
  BOOST_TEST(generator.generate(small_request("drawn last")).bytes->size() > 0u);
  for (const DrawingOrder& order : pipeline->orders()) BOOST_TEST(order.prompt != "never drawn");
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_cancelled_does_nothing) {
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kCancelled));
  BOOST_TEST(pipeline->drawings() == 0u);
  BOOST_TEST(cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_CASE(a_failure_reaches_all_who_wait_once_and_the_next_draws_anew) {
  Gate gate;
  std::atomic<bool> fails = true;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver& observer) {
    comes_true([&] {
      zimg_test::FakePipeline::tell_progress(observer, 0, 3);
      return gate.is_open();
    });
    if (fails) throw Error(ErrorCode::kDevice, "the latents are not finite");
  };
  Generator generator(options(), cache);
  std::vector<std::unique_ptr<Asked>> all;
  for (int i = 0; i < 3; ++i) all.push_back(ask(generator, small_request("a red circle")));
  for (const auto& asked : all) BOOST_TEST(asked->aboard->pass());
  gate.open();
  for (const auto& asked : all) {
    BOOST_CHECK_EXCEPTION(asked->result.get(), Error, is_error(ErrorCode::kDevice, "not finite"));
  }
  BOOST_TEST(pipeline->drawings() == 1u);
  fails = false;
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
  BOOST_TEST(cache->stats().entries <= 1u);
  BOOST_TEST(pipeline->drawings() == 2u);
}

BOOST_AUTO_TEST_CASE(a_progress_callback_that_throws_fails_its_own_request_alone) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  Request throwing = small_request("a red circle");
  throwing.on_progress = [](const Progress&) { throw std::runtime_error("the callback's own"); };
  auto other = ask(generator, small_request("a red circle"));
  BOOST_TEST(other->aboard->pass());
  auto one = ask(generator, throwing);
  BOOST_CHECK_THROW(one->result.get(), std::runtime_error);
  gate.open();
  BOOST_TEST(outcome_name(other->result.get().report.outcome) == "drawn");
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(a_throwing_callback_of_the_only_request_stops_the_drawing) {
  std::atomic<bool> was_stopped = false;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver& observer) {
    zimg_test::FakePipeline::tell_progress(observer, 0, 3);
    was_stopped = comes_true([&] { return observer.is_cancelled(); });
  };
  Request request = small_request("a red circle");
  request.on_progress = [](const Progress&) { throw std::runtime_error("the callback's own"); };
  {
    Generator generator(options(), cache);
    BOOST_CHECK_THROW(generator.generate(request), std::runtime_error);
  }
  BOOST_TEST(was_stopped);
  BOOST_TEST(cache->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(tells_progress_from_before_the_first_step_to_the_last) {
  Generator generator(options(), cache);
  std::vector<std::uint32_t> steps;
  bool is_right = true;
  Request request = small_request("a red circle");
  request.on_progress = [&](const Progress& progress) {
    steps.push_back(progress.step);
    is_right = is_right && progress.steps == 3 && progress.preview.empty();
  };
  generator.generate(request);
  BOOST_TEST(is_right);
  BOOST_TEST(steps == std::vector<std::uint32_t>({0, 1, 2, 3}), boost::test_tools::per_element());
  generator.drain();
  generator.generate(request);
  BOOST_TEST(steps.size() == 4u);  // a hit has no steps
}

// Threads that ask for few pictures over and over: none is drawn twice, whichever way flights, stores and lookups meet.
BOOST_AUTO_TEST_CASE(nothing_is_drawn_twice_under_load) {
  constexpr int kThreads = 6;
  constexpr int kRounds = 40;
  GeneratorOptions wide = options();
  wide.drawings_at_once = 3;
  wide.pending_stores = kThreads * kRounds;
  Generator generator(wide, cache);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const Request request = small_request("picture " + std::to_string(round));
        const Result result = generator.generate(request);
        if (result.report.outcome == Outcome::kHit && result.report.times_ms.denoise != 0) ++wrong;
        if (!result.report.warnings.empty() || result.bytes->empty()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(pipeline->drawings() == static_cast<std::size_t>(kRounds));
}

BOOST_AUTO_TEST_CASE(survives_cancels_at_any_moment) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 60;
  Generator generator(options(), cache);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        Request request = small_request("picture " + std::to_string(round));
        const bool cancels = (round + t) % 2 == 0;
        std::thread canceller([&] {
          if (cancels) request.cancel.cancel();
        });
        try {
          if (generator.generate(request).bytes->empty()) ++wrong;
        } catch (const Error& e) {
          if (!cancels || e.code() != ErrorCode::kCancelled) ++wrong;  // nobody is cancelled by another's token
        }
        canceller.join();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
