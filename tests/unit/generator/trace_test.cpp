// What a Generator tells of its requests, and what it counts.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <mutex>
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
  std::mutex mutex;
  std::vector<TraceEvent> events;

  GeneratorOptions traced() {
    GeneratorOptions traced = options();
    traced.on_trace = [this](const TraceEvent& event) {
      const std::lock_guard lock(mutex);
      events.push_back(event);
    };
    return traced;
  }

  // Each event and its reason, "miss", "failed: device" ...
  std::vector<std::string> told() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> names;
    for (const TraceEvent& event : events) {
      names.push_back(trace_kind_name(event.kind) + (event.reason.empty() ? "" : ": " + event.reason));
    }
    events.clear();
    return names;
  }

  void expect(const std::vector<std::string>& expected) {
    BOOST_TEST(told() == expected, boost::test_tools::per_element());
  }

  // Where the storing thread tells too.
  void expect_in_any_order(std::vector<std::string> expected) {
    std::vector<std::string> names = told();
    std::sort(names.begin(), names.end());
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(names == expected, boost::test_tools::per_element());
  }

  static void generate(Generator& generator, const Request& request) {
    generator.generate(request);
    generator.drain();
  }
};

Request in_mode(CacheMode mode) {
  Request request = small_request("a red circle");
  request.mode = mode;
  return request;
}

// Turns an octet of the first PNG that stands in the file.
void damage_first_picture(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t picture = octets.find("\x89PNG");
  BOOST_REQUIRE(picture != std::string::npos);
  file.clear();
  file.seekp(static_cast<std::streamoff>(picture + 20));
  file.put(static_cast<char>(~octets[picture + 20]));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trace, Fixture)

BOOST_AUTO_TEST_CASE(tells_how_each_request_was_answered) {
  Generator generator(traced(), cache);
  const Request request = small_request("a red circle");
  generate(generator, request);
  expect({"miss"});
  generate(generator, request);
  expect({"hit"});
  Request jpeg = request;
  jpeg.format = ImageFormat::kJpeg;
  generate(generator, jpeg);
  expect({"hit: converted"});
  generate(generator, in_mode(CacheMode::kBypass));
  expect({"bypassed: bypass"});
  generate(generator, in_mode(CacheMode::kRefresh));
  expect_in_any_order({"bypassed: refresh", "invalidated: refresh", "invalidated: refresh"});  // the PNG and the JPEG
  Request random = request;
  random.random_seed = true;
  generate(generator, random);
  expect({"bypassed: random seed"});
  generate(generator, in_mode(CacheMode::kOnlyIfCached));
  expect({"hit"});
  Request missing = in_mode(CacheMode::kOnlyIfCached);
  missing.prompt = "not there";
  BOOST_CHECK_THROW(generator.generate(missing), Error);
  expect({"miss: only if cached"});
  Generator without(traced(), nullptr);
  generate(without, request);
  expect({"bypassed: no cache"});
  const Metrics metrics = generator.metrics();
  BOOST_TEST(metrics.hits == 3u);
  BOOST_TEST(metrics.misses == 2u);
  BOOST_TEST(metrics.bypassed == 3u);
  BOOST_TEST(metrics.invalidated == 2u);
  BOOST_TEST(metrics.drawings == 4u);
  BOOST_TEST(metrics.hit_rate() == 0.6);
  BOOST_TEST(metrics.hit_ms.count() == 3u);
  BOOST_TEST(metrics.miss_ms.count() == 1u);
  BOOST_TEST(metrics.hit_bytes > 0u);
  BOOST_TEST(metrics.stored == 4u);  // the PNG, the JPEG made from it, the refreshed one and the random one
}

BOOST_AUTO_TEST_CASE(tells_key_namespace_times_and_no_prompt) {
  Generator generator(traced(), cache);
  Request request = small_request("a red circle");
  request.name_space = "mine";
  const Result result = generator.generate(request);
  BOOST_REQUIRE_EQUAL(events.size(), 1u);
  const TraceEvent& event = events.front();
  BOOST_TEST(event.key_prefix == result.report.key.hex().substr(0, 12));
  BOOST_TEST(event.name_space == "mine");
  BOOST_TEST(event.times_ms.total > 0);
  BOOST_TEST(event.times_ms.total == result.report.times_ms.total);
  BOOST_TEST(event.at_ms > 1'600'000'000'000);
  BOOST_TEST(event.prompt.empty());
  BOOST_TEST(trace_json(event).find("circle") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_the_prompt_where_it_was_asked_for) {
  GeneratorOptions with_prompts = traced();
  with_prompts.trace_prompts = true;
  Generator generator(with_prompts, cache);
  generate(generator, small_request("  a \"red\"  circle "));
  BOOST_REQUIRE_EQUAL(events.size(), 1u);
  BOOST_TEST(events.front().prompt == "a \"red\" circle");
  const std::string json = trace_json(events.front());
  BOOST_TEST(json.find("\"prompt\":\"a \\\"red\\\" circle\"") != std::string::npos);
  BOOST_TEST(json.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_failures_by_their_code) {
  Generator generator(traced(), cache);
  Request wrong = small_request("a red circle");
  wrong.steps = 0;
  BOOST_CHECK_THROW(generator.generate(wrong), Error);
  expect({"failed: invalid_argument"});
  pipeline->before = [](const DrawingOrder&, IDrawingObserver&) { throw Error(ErrorCode::kDevice, "NaN"); };
  BOOST_CHECK_THROW(generator.generate(small_request("a red circle")), Error);
  expect({"failed: device"});
  BOOST_TEST(generator.metrics().failed == 2u);
  BOOST_TEST(generator.metrics().misses == 0u);
}

BOOST_AUTO_TEST_CASE(tells_what_expired_before_the_miss) {
  zimg_test::TemporaryFolder folder;
  LmdbOptions lmdb;
  lmdb.path = folder.path("store");
  lmdb.capacity_bytes = 16u << 20;
  for (const auto& own : {make_memory_cache(1 << 20), open_lmdb_cache(lmdb)}) {
    Generator generator(traced(), own);
    Request request = small_request("a red circle");
    request.ttl_ms = 1;
    generate(generator, request);
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    generate(generator, request);
    expect({"miss", "expired", "miss"});
    BOOST_TEST(generator.metrics().expired == 1u);
  }
}

BOOST_AUTO_TEST_CASE(tells_which_entry_was_evicted) {
  const auto small = make_memory_cache(4000);
  Generator generator(traced(), small);
  Request first = small_request("a red circle");
  first.name_space = "first";
  generate(generator, first);
  const auto size = small->stats().payload_bytes;
  BOOST_REQUIRE(size > 0);
  for (std::uint64_t i = 0; i < 4000 / size + 1; ++i) {
    Request other = small_request("a circle of another kind, number " + std::to_string(i));
    other.name_space = "other";
    generate(generator, other);
  }
  const auto evicted =
      std::count_if(events.begin(), events.end(), [](const TraceEvent& e) { return e.kind == TraceKind::kEvicted; });
  BOOST_TEST(evicted > 0);
  BOOST_TEST(generator.metrics().evicted == static_cast<std::uint64_t>(evicted));
  BOOST_TEST(small->stats().evictions == static_cast<std::uint64_t>(evicted));
}

BOOST_AUTO_TEST_CASE(tells_which_entry_was_damaged) {
  zimg_test::TemporaryFolder folder;
  LmdbOptions lmdb;
  lmdb.path = folder.path("store");
  lmdb.capacity_bytes = 16u << 20;
  Generator generator(traced(), open_lmdb_cache(lmdb));
  const Result drawn = generator.generate(small_request("a red circle"));
  generator.drain();
  damage_first_picture(lmdb.path + "/data.mdb");
  const Result again = generator.generate(small_request("a red circle"));
  generator.drain();
  BOOST_TEST(events.at(1).key_prefix == drawn.report.key.hex().substr(0, 12));
  expect({"miss", "corrupt", "miss"});
  BOOST_TEST(*again.bytes == *drawn.bytes);
  BOOST_TEST(generator.metrics().corrupt == 1u);
  generate(generator, small_request("a red circle"));
  expect({"hit"});
}

BOOST_AUTO_TEST_CASE(tells_why_an_entry_was_given_up) {
  const auto lying = std::make_shared<FaultyCache>();
  Generator generator(traced(), lying);
  generate(generator, small_request("a red circle"));
  told();
  lying->lie = [](CacheEntry& entry) { entry.info.width = 1; };
  generate(generator, small_request("a red circle"));
  expect({"invalidated: it is another picture", "miss"});
}

BOOST_AUTO_TEST_CASE(tells_of_no_entry_that_a_refresh_left_where_it_was) {
  const auto own = std::make_shared<FaultyCache>();
  Generator generator(traced(), own);
  const Request refreshing = in_mode(CacheMode::kRefresh);
  generate(generator, refreshing);  // of what is not there
  expect({"bypassed: refresh"});
  pipeline->before = [](const DrawingOrder&, IDrawingObserver&) { throw Error(ErrorCode::kDevice, "NaN"); };
  BOOST_CHECK_THROW(generator.generate(refreshing), Error);
  expect({"failed: device"});
  pipeline->before = nullptr;
  pipeline->spoil = [](Picture& picture) { picture.rgb.assign(picture.rgb.size(), 7); };
  generate(generator, refreshing);  // flat: delivered, not stored
  expect({"bypassed: refresh"});
  pipeline->spoil = nullptr;
  own->refusal = StoreOutcome::kTooFull;
  generate(generator, refreshing);
  expect({"bypassed: refresh"});
  BOOST_TEST(own->stats().entries == 1u);
  BOOST_TEST(generator.metrics().invalidated == 0u);
}

BOOST_AUTO_TEST_CASE(tells_of_what_a_refresh_gave_up_by_its_own_key_once_it_is_gone) {
  const auto own = std::make_shared<FaultyCache>();
  Gate gate;
  Generator generator(traced(), own);
  const Request refreshing = in_mode(CacheMode::kRefresh);
  const std::string key = generator.generate(refreshing).report.key.hex();
  generator.drain();
  told();
  own->before_store = [&] { gate.pass(); };
  generator.generate(refreshing);
  expect({"bypassed: refresh"});
  gate.open();
  generator.drain();
  BOOST_REQUIRE_EQUAL(events.size(), 1u);
  BOOST_TEST(events.front().key_prefix == key.substr(0, 12));
  BOOST_TEST(events.front().name_space == "default");
  expect({"invalidated: refresh"});
  BOOST_TEST(generator.metrics().invalidated == 1u);
}

BOOST_AUTO_TEST_CASE(counts_joined_apart) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(traced(), cache);
  std::vector<std::unique_ptr<zimg_test::Asked>> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(ask(generator, small_request("a red circle")));
    BOOST_TEST(all.back()->aboard->pass());
  }
  gate.open();
  for (const auto& asked : all) asked->result.get();
  generator.drain();
  generator.generate(small_request("a red circle"));
  const Metrics metrics = generator.metrics();
  BOOST_TEST(metrics.joined == 2u);
  BOOST_TEST(metrics.misses == 1u);
  BOOST_TEST(metrics.hits == 1u);
  BOOST_TEST(metrics.hit_rate() == 0.5);
  BOOST_TEST(metrics.joined_ms.count() == 2u);
}

BOOST_AUTO_TEST_CASE(a_callback_that_throws_or_asks_back_harms_nobody) {
  GeneratorOptions rude = options();
  rude.on_trace = [this](const TraceEvent&) {
    cache->stats();
    throw std::runtime_error("no");
  };
  cache = make_memory_cache(4000);  // so that it tells of evictions too
  Generator generator(rude, cache);
  for (int i = 0; i < 20; ++i) generate(generator, small_request("picture " + std::to_string(i)));
  BOOST_TEST(pipeline->drawings() == 20u);
}

BOOST_AUTO_TEST_CASE(counts_stores_that_fail) {
  const auto failing = std::make_shared<FaultyCache>();
  failing->before_store = [] { throw Error(ErrorCode::kCache, "the disk is full"); };
  Generator generator(options(), failing);
  generate(generator, small_request("a red circle"));
  BOOST_TEST(generator.metrics().not_stored == 1u);
  BOOST_TEST(generator.metrics().stored == 0u);
}

// What stands in the way of a refresh cannot be looked for, so the store is not even tried.
BOOST_AUTO_TEST_CASE(counts_stores_that_fail_before_they_begin) {
  const auto failing = std::make_shared<FaultyCache>();
  failing->before_find = [] { throw Error(ErrorCode::kCache, "the disk is gone"); };
  Generator generator(options(), failing);
  generate(generator, in_mode(CacheMode::kRefresh));
  BOOST_TEST(failing->stores == 0);
  BOOST_TEST(generator.metrics().not_stored == 1u);
}

BOOST_AUTO_TEST_CASE(a_cache_that_cannot_be_opened_is_a_warning_unless_it_is_required) {
  zimg_test::TemporaryFolder folder;
  std::ofstream(folder.path("file")) << "no folder";
  GeneratorOptions named = traced();
  named.cache_url = "lmdb:" + folder.path("file");
  {
    Generator generator(named);
    const Result result = generator.generate(small_request("a red circle"));
    BOOST_TEST(outcome_name(result.report.outcome) == "drawn");
    BOOST_REQUIRE_EQUAL(result.report.warnings.size(), 1u);
    BOOST_TEST(result.report.warnings.front().find("could not be opened") != std::string::npos);
    BOOST_TEST(result.report.warnings.front().find("file") != std::string::npos);
  }
  named.requires_cache = true;
  BOOST_CHECK_EXCEPTION(Generator(named, nullptr), Error, is_error(ErrorCode::kCache, "file"));
  named.cache_url = "none:";
  BOOST_CHECK_EXCEPTION(Generator(named, nullptr), Error, is_error(ErrorCode::kInvalidArgument, "required"));
  named.cache_url.reset();
  BOOST_CHECK_EXCEPTION(Generator(named, nullptr), Error, is_error(ErrorCode::kInvalidArgument, "required"));
  Generator handed(named, cache);  // is there
  named.requires_cache = false;
  named.cache_url = "ftp://x";
  BOOST_CHECK_EXCEPTION(Generator(named, nullptr), Error, is_error(ErrorCode::kInvalidArgument));
  named.cache_url = "lmdb:" + folder.path("store") + "?size=16MiB";
  Generator opened(named);
  generate(opened, small_request("a red circle"));
  BOOST_TEST(opened.generate(small_request("a red circle")).report.is_hit());
}

BOOST_AUTO_TEST_SUITE_END()
