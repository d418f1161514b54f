// zimg_job: started, polled, waited for, cancelled and destroyed, from one thread and from many.
#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

struct Studio {
  Painter painter;
  Generator generator;

  explicit Studio(bool has_cache = false) {
    generator = generator_of(options_for(painter), has_cache ? memory_cache() : Cache());
  }
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;
  // A job that nobody waits for may be the last to hold the generator, and with it the painter.
  ~Studio() {
    generator.reset();
    while (painter.releases == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  Job job(const Request& request) const {
    Job made;
    must(zimg_job_create, generator.get(), request.get(), made.out());
    return made;
  }
  Job started(const Request& request) const {
    Job made = job(request);
    must(zimg_job_start, made.get());
    return made;
  }
  void wait_until_it_draws() const {
    while (painter.waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
};

bool is_done_within(const Job& job, std::int64_t timeout_ms) {
  int is_done = -1;
  must(zimg_job_wait, job.get(), timeout_ms, &is_done);
  return is_done == 1;
}

void check_cancelled(const Job& job) {
  BOOST_TEST(is_done_within(job, -1));
  Result result;
  refused(ZIMG_STATUS_CANCELLED, zimg_job_result, job.get(), result.out());
}

}  // namespace

BOOST_AUTO_TEST_CASE(goes_from_created_to_done_and_keeps_its_answer) {
  const Studio studio;
  const Job job = studio.job(request_of("a circle"));
  Result result;
  BOOST_TEST(zimg_job_poll(job.get()) == ZIMG_JOB_STATE_CREATED);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_wait, job.get(), std::int64_t{0}, nullptr);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_result, job.get(), result.out());
  must(zimg_job_start, job.get());
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_start, job.get());
  BOOST_TEST(is_done_within(job, -1));
  BOOST_TEST(zimg_job_poll(job.get()) == ZIMG_JOB_STATE_DONE);
  must(zimg_job_result, job.get(), result.out());
  Result again;
  must(zimg_job_result, job.get(), again.out());
  BOOST_TEST((bytes_of(result) == bytes_of(again)));
  BOOST_TEST((bytes_of(result) == bytes_of(generated(studio.generator, request_of("a circle")))));
}

BOOST_AUTO_TEST_CASE(a_wait_ends_with_its_time) {
  Studio studio;
  studio.painter.is_open = false;
  const Job job = studio.started(request_of("a circle"));
  BOOST_TEST(!is_done_within(job, 0));
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!is_done_within(job, 50));
  BOOST_TEST((std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(50)));
  BOOST_TEST(zimg_job_poll(job.get()) == ZIMG_JOB_STATE_RUNNING);
  studio.painter.is_open = true;
  BOOST_TEST(is_done_within(job, INT64_MAX));
}

BOOST_AUTO_TEST_CASE(has_its_own_copy_of_the_request) {
  const Studio studio;
  Request request = request_of("a circle", 9);
  const Job job = studio.job(request);
  must(zimg_request_set_seed, request.get(), std::uint64_t{10});
  request.reset();
  must(zimg_job_start, job.get());
  BOOST_TEST(is_done_within(job, -1));
  Result result;
  must(zimg_job_result, job.get(), result.out());
  BOOST_TEST(zimg_report_seed(zimg_result_report(result.get())) == 9u);
}

BOOST_AUTO_TEST_CASE(keeps_the_error_of_a_request_that_failed) {
  const Studio studio;
  const Request request = request_of("a circle");
  must(zimg_request_set_steps, request.get(), 0u);
  const Job job = studio.started(request);
  BOOST_TEST(is_done_within(job, -1));
  Result result;
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_result, job.get(), result.out()), "steps"));
  }
}

BOOST_AUTO_TEST_CASE(shows_progress_and_preview_and_passes_them_on) {
  Studio studio;
  studio.painter.steps_told = 4;
  const Request request = request_of("a circle");
  std::vector<std::uint32_t> steps;
  must(zimg_request_set_preview, request.get(), 1);
  must(
      zimg_request_set_progress, request.get(),
      +[](void* data, const zimg_progress* progress) {
        BOOST_TEST(zimg_progress_steps(progress) == 4u);
        std::uint32_t width = 0;
        std::uint32_t height = 0;
        std::size_t size = 0;
        BOOST_TEST((zimg_progress_preview(progress, &width, &height, &size) != nullptr));
        BOOST_TEST(size == std::size_t{3} * width * height);
        static_cast<std::vector<std::uint32_t>*>(data)->push_back(zimg_progress_step(progress));
      },
      &steps, nullptr);
  const Job job = studio.job(request);
  std::uint32_t step = 7;
  std::uint32_t of = 7;
  zimg_job_progress(job.get(), &step, &of);
  BOOST_TEST(step == 0u);
  BOOST_TEST(of == 0u);
  Picture preview;
  refused(ZIMG_STATUS_NOT_FOUND, zimg_job_preview, job.get(), preview.out());
  must(zimg_job_start, job.get());
  BOOST_TEST(is_done_within(job, -1));
  zimg_job_progress(job.get(), &step, &of);
  BOOST_TEST(step == 4u);
  BOOST_TEST(of == 4u);
  BOOST_TEST((steps == std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  must(zimg_job_preview, job.get(), preview.out());
  BOOST_TEST(zimg_picture_width(preview.get()) == 8u);
  BOOST_TEST(zimg_picture_height(preview.get()) == 4u);
  std::size_t size = 0;
  BOOST_TEST((zimg_picture_rgb(preview.get(), &size) != nullptr));
  BOOST_TEST(size == 96u);
}

BOOST_AUTO_TEST_CASE(cancelled_before_its_start_it_draws_nothing) {
  const Studio studio;
  const Job job = studio.job(request_of("a circle"));
  zimg_job_cancel(job.get());
  must(zimg_job_start, job.get());
  check_cancelled(job);
  BOOST_TEST(studio.painter.drawings == 0);
}

BOOST_AUTO_TEST_CASE(cancelled_twice_while_it_draws_it_stops) {
  Studio studio;
  studio.painter.waits_for_cancel = true;
  const Job job = studio.started(request_of("a circle"));
  studio.wait_until_it_draws();
  std::thread other([&] { zimg_job_cancel(job.get()); });
  zimg_job_cancel(job.get());
  other.join();
  check_cancelled(job);
}

BOOST_AUTO_TEST_CASE(cancelled_after_its_end_it_stays_as_it_is) {
  const Studio studio;
  const Job job = studio.started(request_of("a circle"));
  BOOST_TEST(is_done_within(job, -1));
  zimg_job_cancel(job.get());
  Result result;
  must(zimg_job_result, job.get(), result.out());
}

BOOST_AUTO_TEST_CASE(is_cancelled_with_the_token_of_its_request_and_not_the_other_way_round) {
  Studio studio;
  studio.painter.waits_for_cancel = true;
  Token token;
  must(zimg_cancel_token_create, token.out());
  const Request request = request_of("a circle");
  must(zimg_request_set_cancel_token, request.get(), token.get());
  const Job alone = studio.started(request);
  zimg_job_cancel(alone.get());
  check_cancelled(alone);
  BOOST_TEST(zimg_cancel_token_is_cancelled(token.get()) == 0);
  const Job with_token = studio.started(request);
  studio.wait_until_it_draws();
  zimg_cancel_token_cancel(token.get());
  check_cancelled(with_token);
}

BOOST_AUTO_TEST_CASE(destroying_it_cancels_and_joins) {
  Studio studio;
  studio.painter.waits_for_cancel = true;
  Job job = studio.started(request_of("a circle"));
  studio.wait_until_it_draws();
  job.reset();
  for (int i = 0; i < 2000 && studio.painter.waiting != 0; ++i) {  // the drawing ends soon after who asked for it
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  BOOST_TEST(studio.painter.waiting == 0);
  Job never_started = studio.job(request_of("a circle"));
  never_started.reset();
}

BOOST_AUTO_TEST_CASE(equal_jobs_draw_once) {
  Studio studio;
  studio.painter.is_open = false;
  std::vector<Job> jobs;
  for (int i = 0; i < 8; ++i) jobs.push_back(studio.started(request_of("a circle")));
  studio.wait_until_it_draws();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  studio.painter.is_open = true;
  int joined = 0;
  for (const Job& job : jobs) {
    BOOST_TEST(is_done_within(job, -1));
    Result result;
    must(zimg_job_result, job.get(), result.out());
    joined += outcome_of(result) == ZIMG_OUTCOME_JOINED ? 1 : 0;
  }
  BOOST_TEST(studio.painter.drawings + joined == 8);
  BOOST_TEST(joined > 0);
}

BOOST_AUTO_TEST_CASE(outlives_the_handle_of_its_generator) {
  Studio studio(true);
  studio.painter.is_open = false;
  const Job job = studio.started(request_of("a circle"));
  const Job late = studio.job(request_of("a square"));
  studio.wait_until_it_draws();
  studio.generator.reset();
  studio.painter.is_open = true;
  BOOST_TEST(is_done_within(job, -1));
  must(zimg_job_start, late.get());
  BOOST_TEST(is_done_within(late, -1));
  Result result;
  must(zimg_job_result, late.get(), result.out());
}

// A generator is destroyed while threads draw with it, wait for jobs of it and join drawings.
BOOST_AUTO_TEST_CASE(a_generator_may_be_destroyed_while_others_draw_and_wait) {
  for (int round = 0; round < 20; ++round) {
    Studio studio(true);
    studio.painter.is_open = false;
    std::vector<std::thread> threads;
    std::atomic<int> begun{0};
    std::atomic<int> answered{0};
    const auto draw = [&, generator = studio.generator.get()](std::uint64_t seed) {
      const Request request = request_of("a circle", seed);
      Result result;
      ++begun;
      const zimg_status status = zimg_generator_generate(generator, request.get(), result.out(), nullptr);
      answered += status == ZIMG_STATUS_OK ? 1 : 0;
    };
    std::vector<Job> jobs;
    for (std::uint64_t seed = 0; seed < 4; ++seed) jobs.push_back(studio.started(request_of("a circle", seed)));
    for (std::uint64_t seed = 0; seed < 2; ++seed) threads.emplace_back(draw, seed);
    while (begun < 2) std::this_thread::yield();
    studio.wait_until_it_draws();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until both calls hold the generator
    studio.generator.reset();
    studio.painter.is_open = true;
    for (std::thread& thread : threads) thread.join();
    for (const Job& job : jobs) {
      BOOST_TEST(is_done_within(job, -1));
      Result result;
      must(zimg_job_result, job.get(), result.out());
    }
    BOOST_TEST(answered == 2);
  }
}

BOOST_AUTO_TEST_CASE(may_be_destroyed_while_others_wait_for_it) {
  for (int round = 0; round < 20; ++round) {
    Studio studio;
    studio.painter.waits_for_cancel = true;
    Job job = studio.started(request_of("a circle"));
    std::atomic<int> begun{0};
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, handle = job.get()] {
        ++begun;
        answered += zimg_job_wait(handle, -1, nullptr, nullptr) == ZIMG_STATUS_OK ? 1 : 0;
      });
    }
    while (begun < 4) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until all of them wait
    job.reset();
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(answered == 4);
  }
}

BOOST_AUTO_TEST_CASE(tells_when_it_is_done) {
  const Studio studio;
  struct Told {
    std::atomic<int> times{0};
    std::atomic<zimg_job_state> state{-1};
    std::atomic<zimg_status> status{-1};
  } told;
  const Job job = studio.job(request_of("a circle"));
  must(
      zimg_job_set_done, job.get(),
      +[](void* data, zimg_job* done) {
        auto& seen = *static_cast<Told*>(data);
        seen.state = zimg_job_poll(done);
        Result result;
        seen.status = zimg_job_result(done, result.out(), nullptr);
        ++seen.times;
        throw 7;
      },
      &told, nullptr);
  must(zimg_job_start, job.get());
  BOOST_TEST(is_done_within(job, -1));
  while (told.times == 0) std::this_thread::yield();
  BOOST_TEST(told.state == ZIMG_JOB_STATE_DONE);
  BOOST_TEST(told.status == ZIMG_STATUS_OK);
}

BOOST_AUTO_TEST_CASE(a_callback_that_is_replaced_may_ask_the_job_as_it_goes) {
  const Studio studio;
  struct Told {
    zimg_job* job = nullptr;
    std::atomic<zimg_job_state> state{-1};
  } told;
  const Job job = studio.job(request_of("a circle"));
  told.job = job.get();
  const auto ignore = +[](void*, zimg_job*) {};
  must(
      zimg_job_set_done, job.get(), ignore, &told, +[](void* data) {
        auto& seen = *static_cast<Told*>(data);
        seen.state = zimg_job_poll(seen.job);
      });
  must(zimg_job_set_done, job.get(), ignore, nullptr, nullptr);
  BOOST_TEST(told.state == ZIMG_JOB_STATE_CREATED);
}

BOOST_AUTO_TEST_CASE(may_be_destroyed_by_its_own_callback) {
  const Studio studio;
  std::atomic<int> releases{0};
  Job job = studio.job(request_of("a circle"));
  must(
      zimg_job_set_done, job.get(), +[](void*, zimg_job* done) { zimg_job_destroy(done); }, &releases,
      +[](void* count) { ++*static_cast<std::atomic<int>*>(count); });
  must(zimg_job_start, job.get());
  static_cast<void>(job.release());
  while (releases == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

BOOST_AUTO_TEST_CASE(may_be_destroyed_by_a_progress_callback_and_not_be_waited_for_there) {
  Studio studio;
  studio.painter.steps_told = 2;
  struct Ending {
    Job job;
    std::string sentence;
    std::atomic<bool> is_over{false};
  } ending;
  const Request request = request_of("a circle");
  must(
      zimg_request_set_progress, request.get(),
      +[](void* data, const zimg_progress*) {
        auto& end = *static_cast<Ending*>(data);
        if (end.is_over) return;
        end.sentence = refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_job_wait, end.job.get(), std::int64_t{-1}, nullptr);
        end.job.reset();
        end.is_over = true;
      },
      &ending, nullptr);
  ending.job = studio.job(request);
  must(zimg_job_start, ending.job.get());
  while (!ending.is_over) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  BOOST_TEST(holds(ending.sentence, "callback"));
  must(zimg_generator_drain, studio.generator.get());
}

BOOST_AUTO_TEST_CASE(many_threads_may_use_one_at_once) {
  for (int round = 0; round < 20; ++round) {
    Studio studio;
    studio.painter.steps_told = 3;
    const Job job = studio.job(request_of("a circle", static_cast<std::uint64_t>(round)));
    std::vector<std::thread> threads;
    std::atomic<int> starts{0};
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        starts += zimg_job_start(job.get(), nullptr) == ZIMG_STATUS_OK ? 1 : 0;
        std::uint32_t step = 0;
        std::uint32_t steps = 0;
        zimg_job_progress(job.get(), &step, &steps);
        if (i == 5) zimg_job_cancel(job.get());
        zimg_job_wait(job.get(), -1, nullptr, nullptr);
        Result result;
        const zimg_status status = zimg_job_result(job.get(), result.out(), nullptr);
        if (status != ZIMG_STATUS_OK && status != ZIMG_STATUS_CANCELLED) starts += 100;
      });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(starts == 1);
  }
}
