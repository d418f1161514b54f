// A host's cache behind zimg_cache_vtable: one that works, and one that fails, lies, blocks or is of another release.
#include "foreign_cache.hpp"

using namespace capi_test;

namespace {

Result drawn_and_kept(const Generator& generator) {
  Result result = generated(generator, request_of("a circle"));
  must(zimg_generator_drain, generator.get());
  must(zimg_result_refresh_stored, result.get());
  return result;
}

std::uint64_t count_of(const Cache& cache, zimg_count which) {
  Stats stats;
  must(zimg_cache_stats, cache.get(), stats.out());
  return zimg_stats_count(stats.get(), which);
}

}  // namespace

BOOST_AUTO_TEST_CASE(serves_a_generator_and_is_let_go_of_once) {
  Painter painter;
  HostCache host;
  {
    const Cache cache = host.wrapped();
    const Generator generator = generator_of(options_for(painter), cache);
    const Result drawn = drawn_and_kept(generator);
    BOOST_TEST(zimg_report_stored(zimg_result_report(drawn.get())) == ZIMG_STORED_YES);
    const Result hit = generated(generator, request_of("a circle"));
    BOOST_TEST(outcome_of(hit) == ZIMG_OUTCOME_HIT);
    BOOST_TEST((bytes_of(hit) == bytes_of(drawn)));
    BOOST_TEST(count_of(cache, ZIMG_COUNT_HITS) == 1u);
    BOOST_TEST(count_of(cache, ZIMG_COUNT_ENTRIES) == 1u);
    BOOST_TEST(host.releases == 0);
  }
  BOOST_TEST(host.releases == 1);
}

BOOST_AUTO_TEST_CASE(one_that_fails_costs_a_warning_with_its_sentence_and_no_picture) {
  Painter painter;
  HostCache host;
  host.failure = ZIMG_STATUS_IO;
  const Cache cache = host.wrapped();
  const Generator generator = generator_of(options_for(painter), cache);
  const Result result = drawn_and_kept(generator);
  const zimg_report* report = zimg_result_report(result.get());
  BOOST_REQUIRE(zimg_report_warning_count(report) >= 1u);
  BOOST_TEST(holds(text_of(zimg_report_warning, report, std::size_t{0}), "the host's map failed"));
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_NO);
  BOOST_TEST(holds(text_of(zimg_report_store_note, report), "the host's map failed"));
  const zimg_key key{};
  Entry entry;
  BOOST_TEST(holds(refused(ZIMG_STATUS_IO, zimg_cache_find, cache.get(), &key, entry.out()), "the host's map failed"));
}

BOOST_AUTO_TEST_CASE(one_that_fails_without_a_sentence_or_with_a_number_that_is_none_is_named) {
  zimg_cache_vtable table = HostCache().vtable();
  table.find = [](void* status, const zimg_key*, zimg_entry*, int*, zimg_error**) {
    return *static_cast<zimg_status*>(status);
  };
  table.release = nullptr;
  zimg_status status = ZIMG_STATUS_CACHE;
  Cache cache;
  must(zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&table), static_cast<void*>(&status), "x", std::size_t{1},
       cache.out());
  const zimg_key key{};
  Entry entry;
  BOOST_TEST(holds(refused(ZIMG_STATUS_CACHE, zimg_cache_find, cache.get(), &key, entry.out()), "find"));
  for (const zimg_status none : {-1, 13, 4711}) {
    status = none;
    BOOST_TEST(
        holds(refused(ZIMG_STATUS_INTERNAL, zimg_cache_find, cache.get(), &key, entry.out()), std::to_string(none)));
  }
}

BOOST_AUTO_TEST_CASE(one_that_throws_costs_no_more) {
  Painter painter;
  HostCache host;
  host.throws = true;
  const Cache cache = host.wrapped();
  const Generator generator = generator_of(options_for(painter), cache);
  const Result result = drawn_and_kept(generator);
  BOOST_TEST(holds(text_of(zimg_report_warning, zimg_result_report(result.get()), std::size_t{0}), "threw"));
  const zimg_key key{};
  Entry entry;
  refused(ZIMG_STATUS_INTERNAL, zimg_cache_find, cache.get(), &key, entry.out());
}

BOOST_AUTO_TEST_CASE(one_that_lies_about_a_payload_or_loses_its_digest_is_a_miss_that_is_drawn_again) {
  for (const bool cuts : {true, false}) {
    Painter painter;
    HostCache host;
    const Cache cache = host.wrapped();
    const Generator generator = generator_of(options_for(painter), cache);
    const Result first = drawn_and_kept(generator);
    host.cuts_payloads = cuts;
    host.loses_digests = !cuts;
    const Result second = drawn_and_kept(generator);
    BOOST_TEST(outcome_of(second) == ZIMG_OUTCOME_DRAWN);
    BOOST_TEST((bytes_of(second) == bytes_of(first)));
    BOOST_TEST(count_of(cache, ZIMG_COUNT_CORRUPT) == 1u);
    host.cuts_payloads = host.loses_digests = false;
    BOOST_TEST(outcome_of(generated(generator, request_of("a circle"))) == ZIMG_OUTCOME_HIT);
  }
}

BOOST_AUTO_TEST_CASE(one_that_finds_without_a_payload_is_a_miss) {
  zimg_cache_vtable table = HostCache().vtable();
  table.find = [](void*, const zimg_key*, zimg_entry*, int* out_is_there, zimg_error**) {
    *out_is_there = 1;
    return zimg_status{ZIMG_STATUS_OK};
  };
  HostCache host;
  Cache cache;
  must(zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&table), static_cast<void*>(&host), "x", std::size_t{1},
       cache.out());
  const zimg_key key{};
  Entry entry;
  must(zimg_cache_find, cache.get(), &key, entry.out());
  BOOST_TEST((entry.get() == nullptr));
}

BOOST_AUTO_TEST_CASE(one_that_answers_with_an_outcome_that_is_none_has_not_stored) {
  Painter painter;
  HostCache host;
  host.outcome = 42;
  const Generator generator = generator_of(options_for(painter), host.wrapped());
  const Result result = drawn_and_kept(generator);
  BOOST_TEST(holds(text_of(zimg_report_store_note, zimg_result_report(result.get())), "42"));
  host.outcome = ZIMG_STORE_OUTCOME_TOO_FULL;
  must(zimg_generator_drain, generator.get());
  const Result full = drawn_and_kept(generator);
  BOOST_TEST(zimg_report_stored(zimg_result_report(full.get())) == ZIMG_STORED_NO);
}

BOOST_AUTO_TEST_CASE(a_store_that_blocks_keeps_no_answer_back) {
  Painter painter;
  HostCache host;
  const Generator generator = generator_of(options_for(painter), host.wrapped());
  host.stores = false;
  const Result result = generated(generator, request_of("a circle"));
  const zimg_report* report = zimg_result_report(result.get());
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_PENDING);
  while (host.waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_PENDING);
  host.stores = true;
  must(zimg_generator_drain, generator.get());
  must(zimg_result_refresh_stored, result.get());
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_YES);
}

BOOST_AUTO_TEST_CASE(a_find_that_blocks_keeps_back_no_request_that_does_not_look) {
  Painter painter;
  HostCache host;
  const Generator generator = generator_of(options_for(painter), host.wrapped());
  Job job;
  must(zimg_job_create, generator.get(), request_of("a square").get(), job.out());
  host.finds = false;
  must(zimg_job_start, job.get());
  while (host.waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  int is_done = 1;
  must(zimg_job_wait, job.get(), std::int64_t{20}, &is_done);
  BOOST_TEST(is_done == 0);
  const Request bypassing = request_of("a circle");
  must(zimg_request_set_cache_mode, bypassing.get(), ZIMG_CACHE_MODE_BYPASS);
  generated(generator, bypassing);
  host.finds = true;
  must(zimg_job_wait, job.get(), std::int64_t{-1}, &is_done);
  BOOST_TEST(is_done == 1);
}

BOOST_AUTO_TEST_CASE(structs_of_an_older_and_a_newer_header_will_do) {
  HostCache host;
  const std::size_t oldest = offsetof(zimg_cache_vtable, release) + sizeof(void*);
  const Cache older = host.wrapped(oldest);
  const zimg_key key{{1}};
  Entry entry;
  must(zimg_entry_create, entry.out());
  must(zimg_entry_set_payload, entry.get(), static_cast<const void*>("x"), std::size_t{1});
  zimg_store_outcome outcome = -1;
  must(zimg_cache_store, older.get(), &key, static_cast<const zimg_entry*>(entry.get()), &outcome);
  int is_there = 0;
  must(zimg_cache_contains, older.get(), &key, &is_there);  // made from find
  BOOST_TEST(is_there == 1);
  must(zimg_cache_pin, older.get(), &key, 1, &is_there);  // made from find and store
  must(zimg_cache_find, older.get(), &key, entry.out());
  BOOST_TEST(zimg_entry_is_pinned(entry.get()) == 1);
  const auto visit = +[](void*, const zimg_key*, const zimg_entry*, std::uint64_t) { return 1; };
  BOOST_TEST(holds(refused(ZIMG_STATUS_UNSUPPORTED, zimg_cache_list, older.get(), visit, nullptr), "a host's map"));
  BOOST_TEST(count_of(older, ZIMG_COUNT_STORED) == 2u);

  struct Newer {
    zimg_cache_vtable known;
    void (*unknown[4])();
  } newer{host.vtable(), {}};
  newer.known.struct_size = sizeof(newer);
  Cache cache;
  must(zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&newer.known), static_cast<void*>(&host), "newer",
       std::size_t{5}, cache.out());
  must(zimg_cache_contains, cache.get(), &key, &is_there);
  BOOST_TEST(is_there == 1);
}

BOOST_AUTO_TEST_CASE(a_size_that_is_none_and_a_function_that_is_missing_are_refused) {
  HostCache host;
  for (const std::size_t size : {std::size_t{0}, std::size_t{8}, sizeof(zimg_cache_vtable) - 1,
                                 offsetof(zimg_cache_vtable, release), std::size_t{1} << 20, SIZE_MAX}) {
    zimg_cache_vtable table = host.vtable();
    table.struct_size = size;
    Cache cache;
    BOOST_TEST(
        holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&table),
                      static_cast<void*>(&host), "x", std::size_t{1}, cache.out()),
              std::to_string(size)));
  }
  zimg_cache_vtable table = host.vtable();
  table.store = nullptr;
  Cache cache;
  BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&table),
                           static_cast<void*>(&host), "x", std::size_t{1}, cache.out()),
                   "'store'"));
  BOOST_TEST(host.releases == 0);
}

BOOST_AUTO_TEST_CASE(one_that_was_closed_is_closed) {
  HostCache host;
  const Cache cache = host.wrapped();
  must(zimg_cache_close, cache.get());
  const zimg_key key{};
  Entry entry;
  refused(ZIMG_STATUS_CLOSED, zimg_cache_find, cache.get(), &key, entry.out());
}
