// What each mode reads, draws and keeps.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <thread>

#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/modes_fixture.hpp"

using namespace zimg;
using zimg_test::as_jpeg;
using zimg_test::comes_true;
using zimg_test::FaultyCache;
using zimg_test::Gate;
using zimg_test::in_mode;
using zimg_test::is_error;
using zimg_test::ModesFixture;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

BOOST_FIXTURE_TEST_SUITE(modes, ModesFixture)

BOOST_AUTO_TEST_CASE(what_was_asked_for_once_would_have_been_no_hit_in_a_cache_of_any_size) {
  Generator generator(options(), cache);
  for (const char* prompt : {"one", "two", "three", "four"}) {
    Request request = small_request(prompt);
    request.format = ImageFormat::kJpeg;  // whose conversion lets the store overtake the answer
    generator.generate(request);
    generator.drain();
  }
  const CacheStats stats = cache->stats();
  BOOST_TEST(stats.misses == 4u);
  BOOST_REQUIRE(!stats.size_curve.empty());
  for (const SizePoint& point : stats.size_curve) BOOST_TEST(point.hit_rate == 0);
}

BOOST_AUTO_TEST_CASE(the_caches_own_hit_rate_is_that_of_requests_that_looked) {
  Generator generator(options(), cache);
  ask_once(generator, in_mode(CacheMode::kNormal));
  ask_once(generator, in_mode(CacheMode::kBypass));
  ask_once(generator, in_mode(CacheMode::kRefresh));
  BOOST_TEST(cache->stats().misses == 1u);
  BOOST_TEST(cache->stats().hits == 0u);
  BOOST_TEST(ask_once(generator, as_jpeg()) == "hit");  // made from the PNG: one request, one hit
  BOOST_TEST(cache->stats().misses == 1u);
  BOOST_TEST(cache->stats().hits == 1u);
  Request absent = in_mode(CacheMode::kOnlyIfCached);
  absent.prompt = "a blue circle";
  BOOST_CHECK_EXCEPTION(generator.generate(absent), Error, is_error(ErrorCode::kNotFound));
  BOOST_TEST(cache->stats().misses == 2u);
  BOOST_TEST(cache->stats().hit_rate() == generator.metrics().hit_rate());
}

BOOST_AUTO_TEST_CASE(only_if_cached_draws_nothing) {
  Generator generator(options(), cache);
  const Request only = in_mode(CacheMode::kOnlyIfCached);
  BOOST_CHECK_EXCEPTION(generator.generate(only), Error, is_error(ErrorCode::kNotFound, "not in the cache"));
  BOOST_TEST(pipeline->drawings() == 0u);
  generator.generate(small_request("a red circle"));
  generator.drain();
  BOOST_TEST(ask_once(generator, only) == "hit");
  Request jpeg = as_jpeg();
  jpeg.mode = CacheMode::kOnlyIfCached;
  const Result converted = generator.generate(jpeg);
  BOOST_TEST(converted.report.converted);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(only_if_cached_does_not_wait_for_a_drawing) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  auto one = ask(generator, small_request("a red circle"));
  BOOST_TEST(one->aboard->pass());
  BOOST_CHECK_EXCEPTION(generator.generate(in_mode(CacheMode::kOnlyIfCached)), Error, is_error(ErrorCode::kNotFound));
  gate.open();
  one->result.get();
}

BOOST_AUTO_TEST_CASE(only_if_cached_names_what_kept_it_from_looking) {
  Generator without(options(), nullptr);
  BOOST_CHECK_EXCEPTION(without.generate(in_mode(CacheMode::kOnlyIfCached)), Error, is_error(ErrorCode::kNotFound));
  const auto failing = std::make_shared<FaultyCache>();
  failing->before_find = [] { throw Error(ErrorCode::kCache, "the disk is on fire"); };
  Generator generator(options(), failing);
  BOOST_CHECK_EXCEPTION(generator.generate(in_mode(CacheMode::kOnlyIfCached)), Error,
                        is_error(ErrorCode::kNotFound, "the disk is on fire"));
}

BOOST_AUTO_TEST_CASE(no_store_reads_and_keeps_nothing) {
  Generator generator(options(), cache);
  Request request = in_mode(CacheMode::kNoStore);
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    request.format = format;
    const Result result = generator.generate(request);
    generator.drain();
    BOOST_TEST(outcome_name(result.report.outcome) == "drawn");
    BOOST_TEST(result.report.store_note == "the request is not to be stored");
    BOOST_TEST(cache->stats().entries == 0u);
  }
  generator.generate(small_request("a red circle"));
  generator.drain();
  BOOST_TEST(ask_once(generator, request) == "hit");  // converted
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(what_one_of_several_keeps_is_kept) {
  for (const bool the_first_keeps : {true, false}) {
    Gate gate;
    hold_drawings(gate);
    const auto own = make_memory_cache(1 << 20);
    Generator generator(options(), own);
    auto one = ask(generator, in_mode(the_first_keeps ? CacheMode::kNormal : CacheMode::kNoStore));
    BOOST_TEST(one->aboard->pass());
    auto other = ask(generator, in_mode(the_first_keeps ? CacheMode::kNoStore : CacheMode::kNormal));
    BOOST_TEST(other->aboard->pass());
    gate.open();
    one->result.get();
    other->result.get();
    generator.drain();
    BOOST_TEST(own->stats().entries == 1u);
    pipeline->before = nullptr;
  }
}

BOOST_AUTO_TEST_CASE(a_random_seed_is_kept_unless_it_may_not_be) {
  Generator generator(options(), cache);
  for (const auto& [mode, entries] : {std::pair{CacheMode::kNormal, 1u}, std::pair{CacheMode::kRefresh, 2u},
                                      std::pair{CacheMode::kNoStore, 2u}, std::pair{CacheMode::kBypass, 2u}}) {
    Request request = in_mode(mode);
    request.random_seed = true;
    BOOST_TEST(ask_once(generator, request) == "drawn");
    BOOST_TEST(cache->stats().entries == entries);
  }
  BOOST_TEST(cache->stats().hits + cache->stats().misses == 0u);
}

BOOST_AUTO_TEST_CASE(a_time_to_live_is_set_at_the_store_and_not_extended) {
  using Clock = std::chrono::system_clock;
  const auto now_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
  };
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.ttl_ms = 60'000;
  const auto before = now_ms();
  ask_once(generator, request);
  const auto after = now_ms();
  const auto expiry = kept().at(0).expires_at_ms;
  BOOST_TEST(expiry >= before + 60'000);
  BOOST_TEST(expiry <= after + 60'000);
  request.ttl_ms = 600'000;
  BOOST_TEST(ask_once(generator, request) == "hit");
  request.format = ImageFormat::kJpeg;
  BOOST_TEST(ask_once(generator, request) == "hit");
  for (const EntryInfo& info : kept()) BOOST_TEST(info.expires_at_ms == expiry);  // the JPEG goes with its PNG
  request.mode = CacheMode::kRefresh;
  ask_once(generator, request);
  std::int64_t latest = 0;
  for (const EntryInfo& info : kept()) latest = std::max(latest, info.expires_at_ms);
  BOOST_TEST(latest >= before + 600'000);
  BOOST_TEST(ask_once(generator, small_request("for ever")) == "drawn");
  BOOST_TEST(kept().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_short_life_ends) {
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.ttl_ms = 1;
  ask_once(generator, request);
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  BOOST_TEST(ask_once(generator, request) == "drawn");
}

BOOST_AUTO_TEST_CASE(a_hit_in_jpeg_pins_the_picture_of_which_it_is_made) {
  Generator generator(options(), cache);
  Request pinning = as_jpeg();
  pinning.pin = true;
  ask_once(generator, as_jpeg());
  const CacheKey key = generator.key(pinning);
  pinning.mode = CacheMode::kNoStore;
  BOOST_TEST(ask_once(generator, pinning) == "hit");
  BOOST_TEST(count_pinned() == 0);
  pinning.mode = CacheMode::kNormal;
  BOOST_TEST(ask_once(generator, pinning) == "hit");
  BOOST_TEST(kept().size() == 2u);
  BOOST_TEST(count_pinned() == 1);
  cache->pin(key, false);
  BOOST_TEST(count_pinned() == 0);  // and no JPEG that nobody can reach by the picture's key
  BOOST_TEST(ask_once(generator, pinning) == "hit");
  BOOST_TEST(count_pinned() == 1);
  cache->erase(key);
  const Result alone = generator.generate(pinning);
  BOOST_TEST(alone.report.is_hit());
  BOOST_TEST(alone.report.warnings.empty());
  BOOST_TEST(count_pinned() == 1);  // all that is left of it
}

BOOST_AUTO_TEST_CASE(a_jpeg_of_a_pinned_picture_is_not_pinned_itself) {
  Generator generator(options(), cache);
  Request pinning = in_mode(CacheMode::kNormal);
  pinning.pin = true;
  ask_once(generator, pinning);
  for (const int quality : {90, 80, 70}) ask_once(generator, as_jpeg(quality));
  BOOST_TEST(kept().size() == 4u);
  BOOST_TEST(count_pinned() == 1);
}

// The lower cache's entry is gone, by another process perhaps, and the copy above all that is left.
BOOST_AUTO_TEST_CASE(a_pin_of_a_copy_keeps_what_it_is_a_copy_of) {
  const auto upper = make_memory_cache(8u << 20);
  Generator generator(options(), make_tiered_cache(upper, cache));
  ask_once(generator, in_mode(CacheMode::kNormal));
  Request pinning = in_mode(CacheMode::kNormal);
  pinning.pin = true;
  cache->erase(generator.key(pinning));
  Result found = generator.generate(pinning);
  generator.drain();
  found.report.refresh_stored();
  BOOST_TEST(found.report.is_hit());
  BOOST_TEST((found.report.stored == Stored::kYes));
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST(count_pinned() == 1);
}

// By a rule of its namespace, with an expiry that the cache draws for each key.
BOOST_AUTO_TEST_CASE(a_jpeg_expires_with_its_png_where_the_cache_says_when) {
  CachePolicy policy;
  NamespaceRule week;
  week.name_space = "*";
  week.ttl_ms = std::int64_t{7} * 86'400'000;
  policy.namespaces = {week};
  policy.ttl_jitter = 0.5;
  cache = make_memory_cache(8u << 20, policy);
  Generator generator(options(), cache);
  ask_once(generator, as_jpeg(90));  // kept as the picture is drawn
  ask_once(generator, as_jpeg(80));  // made of what was found
  BOOST_REQUIRE_EQUAL(kept().size(), 3u);
  for (const EntryInfo& info : kept()) BOOST_TEST(info.expires_at_ms == kept().front().expires_at_ms);
}

BOOST_AUTO_TEST_CASE(who_joins_a_drawing_pins_what_it_keeps) {
  for (const auto& [mode, pinned] : {std::pair{CacheMode::kNormal, 1}, std::pair{CacheMode::kNoStore, 0}}) {
    cache = make_memory_cache(1 << 20);
    Gate gate;
    hold_drawings(gate);
    Generator generator(options(), cache);
    auto leading = ask(generator, in_mode(CacheMode::kNormal));
    BOOST_TEST(leading->aboard->pass());
    Request pinning = in_mode(mode);
    pinning.pin = true;
    auto joining = ask(generator, pinning);
    BOOST_TEST(joining->aboard->pass());
    gate.open();
    leading->result.get();
    BOOST_TEST(outcome_name(joining->result.get().report.outcome) == "joined");
    generator.drain();
    BOOST_TEST(count_pinned() == pinned);
    pipeline->before = nullptr;
  }
}

// What `late`, a request that pins, is answered where it comes while the picture that `asked` asks for is being stored
// in `slow` without a pin.
Result pin_while_storing(Generator& generator, FaultyCache& slow, const Request& asked, Request late) {
  Gate is_storing;
  Gate may_store;
  const std::function<void()> otherwise = slow.before_store;
  std::atomic<bool> was_held = false;
  slow.before_store = [&] {
    if (was_held.exchange(true)) return otherwise ? otherwise() : void();
    is_storing.open();
    may_store.pass();
  };
  generator.generate(asked);
  BOOST_TEST(is_storing.pass());
  const int looks = slow.finds + (late.format == ImageFormat::kPng ? 1 : 2);
  std::thread later([&] {
    BOOST_TEST(comes_true([&] { return slow.finds >= looks; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // it boards; if it is slower, it finds the picture
    may_store.open();
  });
  late.pin = true;
  const Result joined = generator.generate(late);
  later.join();
  generator.drain();
  slow.before_store = otherwise;
  return joined;
}

BOOST_AUTO_TEST_CASE(who_joins_while_the_picture_is_being_stored_pins_it) {
  for (const Kept kept : {Kept::kLossless, Kept::kDelivered}) {
    const auto slow = std::make_shared<FaultyCache>();
    cache = slow;
    GeneratorOptions wanted = options();
    wanted.kept = kept;
    Generator generator(wanted, cache);
    const Result joined = pin_while_storing(generator, *slow, as_jpeg(), as_jpeg());
    BOOST_TEST(outcome_name(joined.report.outcome) == "joined");
    BOOST_TEST(joined.report.warnings.empty());
    BOOST_TEST(count_pinned() >= 1);
  }
}

BOOST_AUTO_TEST_CASE(who_joins_for_another_form_pins_that_one) {
  for (const Request& late : {small_request("a red circle"), as_jpeg(50)}) {
    const auto slow = std::make_shared<FaultyCache>();
    cache = slow;
    GeneratorOptions wanted = options();
    wanted.kept = Kept::kDelivered;
    Generator generator(wanted, cache);
    const Result joined = pin_while_storing(generator, *slow, as_jpeg(90), late);
    BOOST_TEST(outcome_name(joined.report.outcome) == "joined");
    BOOST_TEST(joined.report.warnings.empty());
    const CacheKey first = keys_of_picture(joined.report.key).at(1 + 100 - 90);
    BOOST_TEST(kept().size() == 2u);
    cache->list([&](const CacheKey& key, const EntryInfo& info, std::uint64_t) {
      BOOST_TEST(info.is_pinned == (key != first));
      return true;
    });
  }
}

BOOST_AUTO_TEST_CASE(a_pin_that_fails_is_told_of_who_joined_too) {
  const auto slow = std::make_shared<FaultyCache>();
  slow->before_store = [] { throw Error(ErrorCode::kCache, "the disk is gone"); };
  Generator generator(options(), slow);
  const Result joined =
      pin_while_storing(generator, *slow, small_request("a red circle"), small_request("a red circle"));
  BOOST_REQUIRE_EQUAL(joined.report.warnings.size(), 1u);
  BOOST_TEST(joined.report.warnings[0] == "the picture could not be pinned: the disk is gone");
}

BOOST_AUTO_TEST_CASE(a_pinned_picture_of_which_jpegs_are_asked_for_outlasts_a_full_cache) {
  cache = make_memory_cache(20'000);
  Generator generator(options(), cache);
  ask_once(generator, as_jpeg());
  Request pinning = as_jpeg();
  pinning.pin = true;
  ask_once(generator, pinning);
  for (int i = 0; i < 100; ++i) ask_once(generator, small_request("picture " + std::to_string(i)));
  BOOST_TEST(cache->stats().evictions > 0u);
  BOOST_TEST(ask_once(generator, small_request("a red circle")) == "hit");
}

BOOST_AUTO_TEST_CASE(jitter_shortens_within_its_share) {
  GeneratorOptions wide = options();
  wide.pending_stores = 64;
  Generator generator(wide, cache);
  for (int i = 0; i < 40; ++i) {
    Request request = small_request("picture " + std::to_string(i));
    request.ttl_ms = 1'000'000;
    request.ttl_jitter = 0.5;
    generator.generate(request);
  }
  generator.drain();
  std::int64_t shortest = 1'000'000;
  std::int64_t longest = 0;
  for (const EntryInfo& info : kept()) {
    const auto life = info.expires_at_ms - info.stored_at_ms;
    shortest = std::min(shortest, life);
    longest = std::max(longest, life);
  }
  BOOST_TEST(shortest > 490'000);
  BOOST_TEST(longest <= 1'000'000);
  BOOST_TEST(longest - shortest > 100'000);  // 40 draws out of half a million ms each
}

BOOST_AUTO_TEST_CASE(wrong_use_is_refused_before_any_work) {
  const auto counting = std::make_shared<FaultyCache>();
  Generator generator(options(), counting);
  const auto refused = [&](const char* words, const std::function<void(Request&)>& make) {
    Request request = small_request("a red circle");
    make(request);
    BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kInvalidArgument, words));
  };
  refused("time to live is 0", [](Request& r) { r.ttl_ms = 0; });
  refused("time to live is -5", [](Request& r) { r.ttl_ms = -5; });
  refused("time to live is 9223372036854775807", [](Request& r) { r.ttl_ms = INT64_MAX; });
  refused("jitter", [](Request& r) { r.ttl_jitter = 1; });
  refused("jitter", [](Request& r) { r.ttl_jitter = -0.1; });
  refused("jitter", [](Request& r) { r.ttl_jitter = std::numeric_limits<double>::quiet_NaN(); });
  refused("tag is 256 bytes", [](Request& r) { r.tag.assign(256, 'x'); });
  refused("tag is not UTF-8", [](Request& r) { r.tag = "\xff"; });
  refused("cache mode is 9", [](Request& r) { r.mode = static_cast<CacheMode>(9); });
  refused("random", [](Request& r) { r.mode = CacheMode::kOnlyIfCached, r.random_seed = true; });
  BOOST_TEST(counting->finds + counting->stores == 0);
  BOOST_TEST(pipeline->drawings() == 0u);
  GeneratorOptions wrong = options();
  wrong.kept = static_cast<Kept>(7);
  BOOST_CHECK_EXCEPTION(Generator(wrong, cache), Error, is_error(ErrorCode::kInvalidArgument, "kept is 7"));
}

BOOST_AUTO_TEST_CASE(delivered_keeps_the_format_that_was_asked_for_alone) {
  GeneratorOptions delivering = options();
  delivering.kept = Kept::kDelivered;
  Generator generator(delivering, cache);
  const Result drawn = generator.generate(as_jpeg());
  generator.drain();
  BOOST_TEST(stored_name(drawn.report.stored) != "no");
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST((kept().at(0).format == ImageFormat::kJpeg));
  const Result hit = generator.generate(as_jpeg());
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST(!hit.report.converted);
  BOOST_TEST((*hit.bytes == *drawn.bytes));
  BOOST_TEST(ask_once(generator, as_jpeg(50)) == "drawn");
  BOOST_TEST(ask_once(generator, small_request("a red circle")) == "drawn");
  BOOST_TEST(ask_once(generator, as_jpeg(60)) == "hit");  // made from the PNG, now that there is one
  BOOST_TEST(pipeline->drawings() == 3u);
}

BOOST_AUTO_TEST_CASE(delivered_gives_the_same_octets_as_lossless) {
  GeneratorOptions delivering = options();
  delivering.kept = Kept::kDelivered;
  Generator one(delivering, cache);
  Generator other(options(), nullptr);
  BOOST_TEST((*one.generate(as_jpeg()).bytes == *other.generate(as_jpeg()).bytes));
}

BOOST_AUTO_TEST_CASE(delivered_keeps_each_format_of_those_who_share_a_drawing) {
  GeneratorOptions delivering = options();
  delivering.kept = Kept::kDelivered;
  Gate gate;
  hold_drawings(gate);
  Generator generator(delivering, cache);
  std::vector<std::unique_ptr<zimg_test::Asked>> all;
  for (const Request& request : {as_jpeg(), small_request("a red circle"), as_jpeg(50), as_jpeg()}) {
    all.push_back(ask(generator, request));
    BOOST_TEST(all.back()->aboard->pass());
  }
  gate.open();
  for (const auto& asked : all) BOOST_TEST(stored_name(asked->result.get().report.stored) != "no");
  generator.drain();
  BOOST_TEST(kept().size() == 3u);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
