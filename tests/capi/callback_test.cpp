// Callbacks and their user data: when they are let go of, what becomes of one that throws or calls zimg again.
#include <cstdlib>
#include <stdexcept>

#include "capi_fixture.hpp"
#include "temporary_folder.hpp"

using namespace capi_test;

namespace {

void count_release(void* count) {
  ++*static_cast<std::atomic<int>*>(count);
}

void throwing_release(void* count) {
  ++*static_cast<std::atomic<int>*>(count);
  throw std::runtime_error("a release that throws");
}

void ignore_progress(void*, const zimg_progress*) {}
void ignore_event(void*, const zimg_trace_event*) {}
void ignore_bytes(void*, std::uint64_t, std::uint64_t) {}
void ignore_done(void*, zimg_job*) {}
void ignore_warning(void*, const char*, std::size_t) {}
std::int64_t some_time(void*) {
  return 1700000000000;
}

}  // namespace

BOOST_AUTO_TEST_CASE(user_data_is_let_go_of_once_by_each_setter_that_keeps_it) {
  Painter painter;
  std::atomic<int> releases{0};
  {
    const Request request = request_of("a circle");
    const Options options = options_for(painter);
    Policy policy;
    must(zimg_policy_create, policy.out());
    must(zimg_request_set_progress, request.get(), &ignore_progress, &releases, &count_release);
    must(zimg_options_set_trace, options.get(), &ignore_event, &releases, &count_release, 0);
    must(zimg_options_set_hashing_progress, options.get(), &ignore_bytes, &releases, &count_release);
    must(zimg_policy_set_clock, policy.get(), &some_time, &releases, &count_release);
    must(zimg_policy_set_warning, policy.get(), &ignore_warning, &releases, &count_release);
    BOOST_TEST(releases == 0);
    must(zimg_request_set_progress, request.get(), &ignore_progress, nullptr, nullptr);  // replaces the first
    BOOST_TEST(releases == 1);
    const Generator generator = generator_of(options);
    Job job;
    must(zimg_job_create, generator.get(), request.get(), job.out());
    must(zimg_job_set_done, job.get(), &ignore_done, &releases, &count_release);
  }
  BOOST_TEST(releases == 6);
  BOOST_TEST(painter.releases == 1);
}

BOOST_AUTO_TEST_CASE(user_data_without_a_callback_is_let_go_of_at_once) {
  std::atomic<int> releases{0};
  const Request request = request_of("a circle");
  must(zimg_request_set_progress, request.get(), nullptr, &releases, &count_release);
  BOOST_TEST(releases == 1);
}

BOOST_AUTO_TEST_CASE(user_data_stays_with_the_caller_where_a_setter_fails) {
  std::atomic<int> releases{0};
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_request_set_progress, nullptr, &ignore_progress, &releases,
          &count_release);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_policy_set_clock, nullptr, &some_time, &releases, &count_release);
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  Job job;
  must(zimg_job_create, generator.get(), request_of("a").get(), job.out());
  must(zimg_job_start, job.get());
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_set_done, job.get(), &ignore_done, &releases, &count_release);
  job.reset();
  const Options options = options_for(painter);
  zimg_pipeline_vtable vtable = painter.vtable();
  vtable.release = &count_release;
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_options_set_pipeline, options.get(), &vtable, &releases, "",
          std::size_t{0});
  BOOST_TEST(releases == 0);
}

BOOST_AUTO_TEST_CASE(user_data_lives_as_long_as_the_generator_that_uses_it) {
  Painter painter;
  std::atomic<int> releases{0};
  Options options = options_for(painter);
  must(zimg_options_set_trace, options.get(), &ignore_event, &releases, &count_release, 0);
  Generator generator = generator_of(options);
  options.reset();
  generated(generator, request_of("a circle"));
  BOOST_TEST(releases == 0);
  generator.reset();
  BOOST_TEST(releases == 1);
  BOOST_TEST(painter.releases == 1);
}

BOOST_AUTO_TEST_CASE(what_a_release_throws_is_lost) {
  std::atomic<int> releases{0};
  Request request = request_of("a circle");
  must(zimg_request_set_progress, request.get(), &ignore_progress, &releases, &throwing_release);
  request.reset();
  BOOST_TEST(releases == 1);
}

BOOST_AUTO_TEST_CASE(a_progress_callback_that_throws_ends_its_own_request) {
  Painter painter;
  painter.steps_told = 3;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Request request = request_of("a circle");
  must(
      zimg_request_set_progress, request.get(),
      +[](void*, const zimg_progress*) { throw std::runtime_error("the progress bar broke"); }, nullptr, nullptr);
  Result result;
  BOOST_TEST(holds(refused(ZIMG_STATUS_INTERNAL, zimg_generator_generate, generator.get(), request.get(), result.out()),
                   "the progress bar broke"));
  must(
      zimg_request_set_progress, request.get(), +[](void*, const zimg_progress*) { throw 7; }, nullptr, nullptr);
  must(zimg_request_set_seed, request.get(), std::uint64_t{43});  // the picture of the first is drawn all the same
  refused(ZIMG_STATUS_INTERNAL, zimg_generator_generate, generator.get(), request.get(), result.out());
  generated(generator, request_of("a circle"));
}

BOOST_AUTO_TEST_CASE(a_trace_callback_that_throws_costs_nothing) {
  Painter painter;
  const Options options = options_for(painter);
  must(
      zimg_options_set_trace, options.get(), +[](void*, const zimg_trace_event*) { throw 7; }, nullptr, nullptr, 0);
  const Generator generator = generator_of(options, memory_cache());
  generated(generator, request_of("a circle"));
}

BOOST_AUTO_TEST_CASE(a_pipeline_that_throws_is_an_internal_error) {
  Painter painter;
  painter.before = [](const zimg_drawing*, zimg_error**) -> zimg_status { throw std::runtime_error("out of paint"); };
  const Generator generator = generator_of(options_for(painter));
  Result result;
  BOOST_TEST(holds(
      refused(ZIMG_STATUS_INTERNAL, zimg_generator_generate, generator.get(), request_of("a").get(), result.out()),
      "out of paint"));
}

BOOST_AUTO_TEST_CASE(a_visitor_that_closes_its_cache_is_refused) {
  const Cache cache = memory_cache();
  Painter painter;
  const Generator generator = generator_of(options_for(painter), cache);
  generated(generator, request_of("a"));
  must(zimg_generator_drain, generator.get());
  struct Closing {
    zimg_cache* cache;
    std::vector<zimg_status> told;
    void close() { told.push_back(zimg_cache_close(cache, nullptr)); }
  } closing{cache.get(), {}};
  const auto visit = +[](void* data, const zimg_key*, const zimg_entry*, std::uint64_t) -> int {
    static_cast<Closing*>(data)->close();
    return 0;
  };
  must(zimg_cache_list, cache.get(), visit, &closing);
  std::uint64_t erased = 0;
  must(zimg_cache_erase_if, cache.get(), visit, &closing, &erased);
  const auto go_on = +[](void* data, const zimg_tally*) -> int {
    static_cast<Closing*>(data)->close();
    return 1;
  };
  Tally tally;
  must(zimg_cache_verify, cache.get(), go_on, &closing, tally.out());
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("bundle");
  const zimg_entry_function no_filter = nullptr;
  must(zimg_bundle_export, cache.get(), path.data(), path.size(), no_filter, go_on, &closing, tally.out());
  BOOST_TEST(closing.told.size() >= 4u);
  for (const zimg_status status : closing.told) BOOST_TEST(status == ZIMG_STATUS_INVALID_ARGUMENT);
  must(zimg_cache_close, cache.get());
}

BOOST_AUTO_TEST_CASE(a_visitor_that_throws_ends_the_listing) {
  const Cache cache = memory_cache();
  Painter painter;
  const Generator generator = generator_of(options_for(painter), cache);
  generated(generator, request_of("a"));
  must(zimg_generator_drain, generator.get());
  const auto visit =
      +[](void*, const zimg_key*, const zimg_entry*, std::uint64_t) -> int { throw std::runtime_error("enough seen"); };
  BOOST_TEST(holds(refused(ZIMG_STATUS_INTERNAL, zimg_cache_list, cache.get(), visit, nullptr), "enough seen"));
  Tally tally;
  refused(
      ZIMG_STATUS_INTERNAL, zimg_cache_verify, cache.get(),
      +[](void*, const zimg_tally*) -> int { throw std::runtime_error("enough"); }, nullptr, tally.out());
  Stats stats;
  must(zimg_cache_stats, cache.get(), stats.out());  // and no lock is left behind
}

namespace {

struct Again {
  zimg_generator* generator = nullptr;
  zimg_generator* other = nullptr;
  std::string sentence;
  std::string drain_sentence;
  zimg_status status = ZIMG_STATUS_OK;
  zimg_status key_status = ZIMG_STATUS_OK;
  zimg_outcome other_outcome = -1;
};

void ask_again(void* data, const zimg_progress* progress) {
  auto& again = *static_cast<Again*>(data);
  if (zimg_progress_step(progress) != 1) return;
  const Request request = request_of("another circle");
  Result result;
  Error error;
  again.status = zimg_generator_generate(again.generator, request.get(), result.out(), error.out());
  again.sentence = message_of(error.get());
  zimg_generator_drain(again.generator, error.out());
  again.drain_sentence = message_of(error.get());
  zimg_key key{};
  again.key_status = zimg_generator_key(again.generator, request.get(), &key, nullptr);
  if (zimg_generator_generate(again.other, request.get(), result.out(), nullptr) == ZIMG_STATUS_OK) {
    again.other_outcome = outcome_of(result);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_callback_that_asks_its_own_generator_is_refused_and_another_one_answers) {
  Painter painter;
  painter.steps_told = 2;
  Painter other_painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Generator other = generator_of(options_for(other_painter));
  Again again;
  again.generator = generator.get();
  again.other = other.get();
  const Request request = request_of("a circle");
  must(zimg_request_set_progress, request.get(), &ask_again, &again, nullptr);
  generated(generator, request);
  BOOST_TEST(again.status == ZIMG_STATUS_INVALID_ARGUMENT);
  BOOST_TEST(holds(again.sentence, "callback"));
  BOOST_TEST(holds(again.drain_sentence, "callback"));
  BOOST_TEST(again.key_status == ZIMG_STATUS_INVALID_ARGUMENT);
  BOOST_TEST(again.other_outcome == ZIMG_OUTCOME_DRAWN);
}

// The model's files are hashed under a lock that a key needs.
BOOST_AUTO_TEST_CASE(a_hashing_callback_that_asks_for_a_key_is_refused) {
  Painter painter;
  const zimg_test::TemporaryFolder home;  // where no digest is remembered
  const char* const variable = std::getenv("XDG_CACHE_HOME");
  const std::string before = variable == nullptr ? "" : variable;
  ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
  const Options options = options_for(painter);
  struct Asking {
    zimg_generator* generator = nullptr;
    zimg_status status = ZIMG_STATUS_OK;
  } asking;
  must(
      zimg_options_set_hashing_progress, options.get(),
      +[](void* data, std::uint64_t, std::uint64_t) {
        auto& own = *static_cast<Asking*>(data);
        zimg_key key{};
        own.status = zimg_generator_key(own.generator, request_of("a circle").get(), &key, nullptr);
      },
      &asking, nullptr);
  const Generator generator = generator_of(options);
  asking.generator = generator.get();
  generated(generator, request_of("a circle"));
  BOOST_TEST(asking.status == ZIMG_STATUS_INVALID_ARGUMENT);
  ::setenv("XDG_CACHE_HOME", before.c_str(), 1);  // an empty one counts as none
}

BOOST_AUTO_TEST_CASE(a_pipeline_that_asks_its_own_generator_is_refused) {
  Painter painter;
  zimg_generator* own = nullptr;
  std::string sentence;
  painter.before = [&](const zimg_drawing*, zimg_error**) {
    Result result;
    sentence =
        refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_generator_generate, own, request_of("another").get(), result.out());
    return zimg_status{ZIMG_STATUS_OK};
  };
  const Generator generator = generator_of(options_for(painter));
  own = generator.get();
  generated(generator, request_of("a circle"));
  BOOST_TEST(holds(sentence, "callback"));
}

BOOST_AUTO_TEST_CASE(a_callback_may_destroy_the_generator_that_it_comes_from) {
  Painter painter;
  std::atomic<int> releases{0};
  Generator generator;
  Options options = options_for(painter);
  struct Ending {
    Generator* generator;
    std::atomic<int>* releases;
  } ending{&generator, &releases};
  must(
      zimg_options_set_trace, options.get(),
      +[](void* data, const zimg_trace_event*) { static_cast<Ending*>(data)->generator->reset(); }, &ending,
      +[](void* data) { ++*static_cast<Ending*>(data)->releases; }, 0);
  generator = generator_of(options, memory_cache());
  zimg_generator* const handle = generator.get();
  const Request request = request_of("a circle");
  Result result;
  must(zimg_generator_generate, handle, request.get(), result.out());
  BOOST_TEST((generator.get() == nullptr));
  BOOST_TEST(zimg_result_width(result.get()) == 64u);
  options.reset();  // the generator goes on a thread of its own, and with it what it holds of this test
  while (releases == 0 || painter.releases == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
