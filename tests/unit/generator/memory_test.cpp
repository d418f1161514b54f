// What becomes of a request when memory runs out on the thread that draws it, asks for it or stores it.
#include <cstdlib>
#include <functional>
#include <future>
#include <new>
#include <utility>

#include "generator/flight.hpp"
#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::Asked;
using zimg_test::GeneratorFixture;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

// Of this thread: how many allocations succeed before one fails; negative: all do.
thread_local long allocations_left = -1;
// Whether all that come after the one that fails do so, too.
thread_local bool stays_dry = false;
// Runs once, on this thread, just before the one that fails.
thread_local std::function<void()>* before_failure = nullptr;

void fail_one_in_its_turn() {
  if (allocations_left < 0) return;
  if (allocations_left > 0) {
    --allocations_left;
    return;
  }
  if (!stays_dry) allocations_left = -1;
  if (auto* const run = std::exchange(before_failure, nullptr)) (*run)();
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  fail_one_in_its_turn();
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {  // so that what is freed below is from here
  return std::malloc(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

BOOST_FIXTURE_TEST_SUITE(memory, GeneratorFixture)

// The pipeline leaves a thread behind that cannot have its n-th allocation. The request is answered or told so, at
// once; a process that ends, or a request that waits for ever, fails this test by itself.
BOOST_AUTO_TEST_CASE(a_drawing_thread_without_memory_ends_its_flight_and_not_the_host) {
  constexpr long kMost = 400;  // more than there are
  long planted = 0;
  pipeline->spoil = [&planted](Picture&) { allocations_left = planted; };
  pipeline->before = [](const DrawingOrder&, IDrawingObserver&) { allocations_left = -1; };
  int failed = 0;
  int untold = 0;
  Generator generator(options(), cache);
  for (; planted < kMost; ++planted) {
    Request request = small_request("a red circle");
    request.seed = 1000 + static_cast<std::uint64_t>(planted);
    request.tag = "a tag that is long enough to need memory of its own";
    try {
      const Result result = generator.generate(request);
      BOOST_TEST(!result.bytes->empty());
    } catch (const Error& e) {
      BOOST_TEST((e.code() == ErrorCode::kOutOfMemory), e.what());
      ++failed;
    } catch (...) {
      ++untold;
    }
  }
  BOOST_TEST(failed > 2);
  BOOST_TEST(untold == 0);
  pipeline->spoil = nullptr;
  generator.drain();
  BOOST_TEST(!generator.generate(small_request("a red circle")).report.is_hit());
  generator.drain();
  BOOST_TEST(generator.generate(small_request("a red circle")).report.is_hit());
}

// As before, but with nothing left from the n-th on. Each drawing has a thread of its own.
BOOST_AUTO_TEST_CASE(a_drawing_thread_that_is_left_without_memory_for_good_ends_its_flight) {
  int failed = 0;
  for (long n = 0;; ++n) {
    BOOST_REQUIRE_LT(n, 400);
    pipeline->spoil = [n](Picture&) {
      stays_dry = true;
      allocations_left = n;
    };
    bool is_stored = false;
    Generator generator(options(), cache);
    Request request = small_request("a red circle");
    request.seed = 2000 + static_cast<std::uint64_t>(n);
    request.tag = "a tag that is long enough to need memory of its own";
    try {
      Result result = generator.generate(request);
      generator.drain();
      result.report.refresh_stored();
      is_stored = result.report.stored == Stored::kYes;
    } catch (const Error& e) {
      BOOST_TEST((e.code() == ErrorCode::kOutOfMemory), e.what());
      ++failed;
    }
    if (is_stored) break;
  }
  BOOST_TEST(failed > 2);
}

// The asking thread cannot have its n-th allocation, and an equal request comes just then.
BOOST_AUTO_TEST_CASE(a_leader_without_memory_leaves_nobody_waiting) {
  Generator generator(options(), cache);
  generator.generate(small_request("all that is allocated once"));
  for (long n = 0;; ++n) {
    Request leader = small_request("a red circle");
    leader.seed = 1000 + static_cast<std::uint64_t>(n);
    std::unique_ptr<Asked> other;
    std::function<void()> ask_too = [&] {
      other = ask(generator, leader);
      other->result.wait_for(std::chrono::milliseconds(50));
    };
    before_failure = &ask_too;
    allocations_left = n;
    try {
      generator.generate(leader);
    } catch (const std::bad_alloc&) {
    } catch (const Error&) {
    }
    allocations_left = -1;
    before_failure = nullptr;
    if (!other) break;
    BOOST_REQUIRE_LT(n, 1000);
    const bool is_answered = other->result.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    if (!is_answered) other->request.cancel.cancel();
    BOOST_REQUIRE_MESSAGE(is_answered, "nobody answers who joined when allocation " << n << " failed");
  }
}

BOOST_AUTO_TEST_CASE(who_has_no_memory_to_join_a_drawing_is_not_known_to_it) {
  const generator::CachePlan kept{true, "", true, true, true, ""};
  for (long n = 0;; ++n) {
    BOOST_REQUIRE_LT(n, 100);
    const auto flight = std::make_shared<generator::Flight>();
    Request request = small_request("a red circle");
    request.tag = "a tag that is long enough to need memory of its own";
    int calls = 0;
    request.on_progress = [&calls](const Progress&) { ++calls; };
    std::unique_ptr<generator::Flight::Seat> seat;
    allocations_left = n;
    try {
      seat = generator::Flight::join(flight, request, kept);
    } catch (const std::bad_alloc&) {
    }
    allocations_left = -1;
    if (seat) break;
    flight->on_progress(Progress{});
    BOOST_TEST(calls == 0);
    BOOST_TEST(!flight->settle_wish());
  }
}

// The cache fails in an ordinary way, and the storing thread cannot have the n-th allocation after that.
BOOST_AUTO_TEST_CASE(a_storing_thread_without_memory_tells_so_and_ends_the_flight) {
  for (const bool is_for_good : {false, true}) {
    for (long n = 0; n < 6; ++n) {
      const auto failing = std::make_shared<zimg_test::FaultyCache>();
      failing->before_store = [n, is_for_good] {
        const Error full(ErrorCode::kCache, "the disk on which the pictures are kept is full");
        stays_dry = is_for_good;
        allocations_left = n;
        throw Error(full);
      };
      Generator generator(options(), failing);
      Result result = generator.generate(small_request("a red circle"));
      generator.drain();
      result.report.refresh_stored();
      BOOST_TEST(stored_name(result.report.stored) == "no");
      BOOST_TEST(!result.report.store_note.empty());
      BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
    }
  }
}

// Memory runs out while the threads that draw are started.
BOOST_AUTO_TEST_CASE(prewarming_without_memory_for_more_threads_does_with_fewer) {
  constexpr long kOneThread = 2;  // the room for it in a list, and its state
  constexpr unsigned kItems = 8;
  std::vector<PrewarmItem> items(kItems, {small_request("a red circle"), 0});
  for (unsigned i = 0; i < kItems; ++i) items[i].request.seed = i;
  for (long n = 0; n < 3 * kOneThread; ++n) {
    Generator generator(options(), make_memory_cache(64u << 20));
    PrewarmOptions side_by_side;
    side_by_side.at_once = 4;
    side_by_side.on_progress = [n](const PrewarmProgress& progress) {
      if (progress.checked == kItems && progress.done == 0) allocations_left = n;
    };
    try {
      BOOST_TEST(prewarm(generator, items, side_by_side).drawn == kItems);
    } catch (const std::bad_alloc&) {
      BOOST_ERROR("the whole run failed when allocation " << n << " did");
    }
    allocations_left = -1;
  }
}

BOOST_AUTO_TEST_SUITE_END()
