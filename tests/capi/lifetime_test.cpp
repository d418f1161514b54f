// Handles by the hundred thousand, in any order, in forked children, after their destroy.
#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <stdexcept>

#include "foreign_cache.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"

using namespace capi_test;
using zimg_test::in_child;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ZIMG_TEST_COUNTS_MEMORY 0  // the sanitizer allocates; ASan tells of leaks itself
#else
#define ZIMG_TEST_COUNTS_MEMORY 1
#endif

namespace {

// Calls `make` often, after a few calls to warm up, and checks that no memory stays.
void check_growth(const char* what, int times, std::size_t allowed_bytes, const std::function<void()>& make) {
  for (int i = 0; i < 10; ++i) make();
  const std::size_t before = ::mallinfo2().uordblks;
  for (int i = 0; i < times; ++i) make();
  const std::size_t after = ::mallinfo2().uordblks;
  if (ZIMG_TEST_COUNTS_MEMORY) {
    BOOST_TEST(after <= before + allowed_bytes, what << ": " << before << " bytes became " << after);
  }
}

template <class Handle, zimg_status (*kCreate)(Handle**, zimg_error**), void (*kDestroy)(Handle*)>
void create_and_destroy() {
  Handle* handle = nullptr;
  if (kCreate(&handle, nullptr) != ZIMG_STATUS_OK) throw std::runtime_error("no handle");
  kDestroy(handle);
}

#define ZIMG_LIGHT(name) \
  { #name, &create_and_destroy < name, name##_create, name##_destroy> }

}  // namespace

BOOST_AUTO_TEST_CASE(a_hundred_thousand_light_handles_leave_nothing_behind) {
  const struct {
    const char* name;
    void (*make)();
  } light[] = {ZIMG_LIGHT(zimg_request),      ZIMG_LIGHT(zimg_options),      ZIMG_LIGHT(zimg_cancel_token),
               ZIMG_LIGHT(zimg_policy),       ZIMG_LIGHT(zimg_lmdb_options), ZIMG_LIGHT(zimg_entry),
               ZIMG_LIGHT(zimg_purge_filter), ZIMG_LIGHT(zimg_prewarm),      ZIMG_LIGHT(zimg_picture)};
  const int times = ZIMG_TEST_COUNTS_MEMORY ? 100000 : 2000;
  for (const auto& [name, make] : light) check_growth(name, times, 4096, make);
  check_growth("zimg_error", times, 4096, [] { zimg_error_destroy(zimg_error_create(ZIMG_STATUS_IO, "gone", 4)); });
  const Request request = request_of("a circle");
  check_growth("a failing setter", times, 4096, [&] {
    Error error;
    zimg_request_set_prompt(request.get(), "\xff", 1, error.out());
  });
  Painter painter;
  const Cache cache = memory_cache();
  const Generator generator = generator_of(options_for(painter), cache);
  generated(generator, request);
  must(zimg_generator_drain, generator.get());
  const int hits = times / 10;
  check_growth("zimg_result", hits, 65536, [&] {
    Result result;
    zimg_generator_generate(generator.get(), request.get(), result.out(), nullptr);
    SharedOctets shared;
    zimg_result_share_bytes(result.get(), shared.out(), nullptr);
  });
  check_growth("zimg_job", hits / 10, 65536, [&] {
    Job job;
    zimg_job_create(generator.get(), request.get(), job.out(), nullptr);
    zimg_job_start(job.get(), nullptr);
    zimg_job_wait(job.get(), -1, nullptr, nullptr);
  });
  check_growth("zimg_metrics, zimg_stats, zimg_key_fields, zimg_text", hits, 65536, [&] {
    Metrics metrics;
    zimg_generator_metrics(generator.get(), metrics.out(), nullptr);
    Stats stats;
    zimg_cache_stats(cache.get(), stats.out(), nullptr);
    KeyFields fields;
    zimg_generator_explain_key(generator.get(), request.get(), fields.out(), nullptr);
    Text text;
    zimg_cache_description(cache.get(), text.out(), nullptr);
  });
}

BOOST_AUTO_TEST_CASE(a_thousand_caches_and_generators_leave_nothing_behind) {
  const int times = ZIMG_TEST_COUNTS_MEMORY ? 1000 : 50;
  const zimg_test::TemporaryFolder folder;
  const std::string url = "lmdb:" + folder.path("store") + "?size=4MiB";
  Painter painter;
  const Options options = options_for(painter);
  check_growth("memory caches", times, 65536, [] { memory_cache(); });
  HostCache host;
  check_growth("foreign caches", times, 65536, [&] { host.wrapped(); });
  check_growth("stores", times, 262144, [&] {
    Cache cache;
    if (zimg_cache_open(url.data(), url.size(), nullptr, cache.out(), nullptr) != ZIMG_STATUS_OK) {
      throw std::runtime_error("no store");
    }
  });
  const Cache cache = memory_cache();
  check_growth("generators", times, 262144, [&] { generator_of(options, cache); });
  check_growth("generators that draw", times / 10, 262144,
               [&] { generated(generator_of(options, memory_cache()), request_of("a circle")); });
}

BOOST_AUTO_TEST_CASE(handles_may_go_in_any_order) {
  Painter painter;
  Options options = options_for(painter);
  Policy policy;
  must(zimg_policy_create, policy.out());
  Cache cache;
  must(zimg_cache_make_memory, std::uint64_t{8} << 20, static_cast<const zimg_policy*>(policy.get()), cache.out());
  policy.reset();
  Generator generator = generator_of(options, cache);
  options.reset();
  cache.reset();
  const Request request = request_of("a circle");
  Token token;
  must(zimg_cancel_token_create, token.out());
  must(zimg_request_set_cancel_token, request.get(), static_cast<const zimg_cancel_token*>(token.get()));
  token.reset();
  const Result result = generated(generator, request);
  generator.reset();
  must(zimg_result_refresh_stored, result.get());
  BOOST_TEST(zimg_report_stored(zimg_result_report(result.get())) == ZIMG_STORED_YES);
  BOOST_TEST(painter.releases == 1);
}

// The generator's handle is gone, so that what its options hold is let go of on the thread of the last job that needs
// it: the job's own. What that releases destroys the job.
BOOST_AUTO_TEST_CASE(what_is_released_at_a_jobs_end_may_destroy_that_job) {
  struct Kept {
    Job job;
    std::atomic<bool> is_gone{false};
  } kept;
  Painter painter;
  std::atomic<bool> goes_on{false};
  painter.before = [&](const zimg_drawing*, zimg_error**) {
    while (!goes_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return zimg_status{ZIMG_STATUS_OK};
  };
  Options options = options_for(painter);
  const auto release = +[](void* data) {
    auto* all = static_cast<Kept*>(data);
    all->job.reset();
    all->is_gone = true;
  };
  must(
      zimg_options_set_trace, options.get(), +[](void*, const zimg_trace_event*) {}, static_cast<void*>(&kept), release,
      0);
  Generator generator = generator_of(options);
  options.reset();
  must(zimg_job_create, generator.get(), request_of("a circle").get(), kept.job.out());
  must(zimg_job_start, kept.job.get());
  generator.reset();
  goes_on = true;
  for (int i = 0; i < 5000 && !kept.is_gone; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  BOOST_TEST(kept.is_gone);
}

#if ZIMG_TEST_COUNTS_MEMORY  // a sanitizer's own threads do not outlive a fork well
BOOST_AUTO_TEST_CASE(a_forked_child_is_told_that_its_parents_handles_are_closed_and_may_destroy_them) {
  const zimg_test::TemporaryFolder folder;
  const std::string url = "lmdb:" + folder.path("store") + "?size=4MiB";
  Painter painter;
  painter.waits_for_cancel = true;
  Cache cache;
  must(zimg_cache_open, url.data(), url.size(), nullptr, cache.out());
  HostCache host;
  Cache foreign = host.wrapped();
  Cache memory = memory_cache();
  const std::string tier_url = "memory:,lmdb:" + folder.path("lower") + "?size=4MiB";
  Cache tier;
  must(zimg_cache_open, tier_url.data(), tier_url.size(), nullptr, tier.out());
  Generator generator = generator_of(options_for(painter), cache);
  Job job;
  must(zimg_job_create, generator.get(), request_of("a circle").get(), job.out());
  must(zimg_job_start, job.get());
  while (painter.waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const int answer = in_child([&] {
    const zimg_key key{};
    zimg_entry* entry = nullptr;
    zimg_result* result = nullptr;
    const Request request = request_of("a circle");
    int wrong = 0;
    const auto expect_closed = [&](zimg_status status) { wrong += status == ZIMG_STATUS_CLOSED ? 0 : 1; };
    expect_closed(zimg_generator_generate(generator.get(), request.get(), &result, nullptr));
    expect_closed(zimg_generator_drain(generator.get(), nullptr));
    expect_closed(zimg_cache_find(cache.get(), &key, &entry, nullptr));
    expect_closed(zimg_cache_find(foreign.get(), &key, &entry, nullptr));
    expect_closed(zimg_cache_find(memory.get(), &key, &entry, nullptr));
    expect_closed(zimg_cache_find(tier.get(), &key, &entry, nullptr));
    expect_closed(zimg_job_wait(job.get(), -1, nullptr, nullptr));
    expect_closed(zimg_job_result(job.get(), &result, nullptr));
    expect_closed(zimg_job_start(job.get(), nullptr));
    zimg_job_poll(job.get());
    zimg_job_progress(job.get(), nullptr, nullptr);
    wrong += zimg_generator_model_name(generator.get(), nullptr) == nullptr ? 1 : 0;
    job.reset();
    generator.reset();
    foreign.reset();
    memory.reset();
    tier.reset();
    cache.reset();
    return wrong;
  });
  BOOST_TEST(answer == 0);
  zimg_job_cancel(job.get());
  must(zimg_job_wait, job.get(), std::int64_t{-1}, static_cast<int*>(nullptr));
}

BOOST_AUTO_TEST_CASE(a_child_that_opens_its_own_handles_draws) {
  const int answer = in_child([] {
    Painter painter;
    const Generator generator = generator_of(options_for(painter), memory_cache());
    return outcome_of(generated(generator, request_of("a circle"))) == ZIMG_OUTCOME_DRAWN ? 0 : 1;
  });
  BOOST_TEST(answer == 0);
}

// A zimg that was built without asserts cannot tell; what it does then is nobody's business.
#ifndef NDEBUG
BOOST_AUTO_TEST_CASE(a_zimg_with_asserts_stops_where_a_handle_is_destroyed_or_of_another_kind) {
  const auto signal_of = [](void (*mistake)()) {
    return -in_child([&] {
      static_cast<void>(std::freopen("/dev/null", "w", stderr));
      std::signal(SIGABRT, SIG_DFL);  // Boost.Test would catch it
      mistake();
      return 0;
    });
  };
  BOOST_TEST(signal_of([] {
               const Request request = request_of("a circle");
               zimg_picture_width(reinterpret_cast<const zimg_picture*>(request.get()));
             }) == SIGABRT);
  BOOST_TEST(signal_of([] {
               Picture picture;
               must(zimg_picture_create, picture.out());
               const zimg_picture* const gone = picture.get();
               picture.reset();
               zimg_picture_width(gone);
             }) == SIGABRT);
}
#endif
#endif
