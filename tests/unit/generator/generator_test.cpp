#include "zimg/generator.hpp"

#include <boost/mpl/list.hpp>
#include <set>

#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::comes_true;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Memory {
  static std::shared_ptr<ICache> make(const std::string&) { return make_memory_cache(64u << 20); }
};
struct Lmdb {
  static std::shared_ptr<ICache> make(const std::string& folder) {
    LmdbOptions options;
    options.path = folder + "/store";
    options.capacity_bytes = 16u << 20;
    return open_lmdb_cache(options);
  }
};
using Caches = boost::mpl::list<Memory, Lmdb>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(generator, GeneratorFixture)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_miss_draws_and_stores_and_the_next_is_a_hit_of_the_same_bytes, Cache, Caches) {
  zimg_test::TemporaryFolder folder;
  cache = Cache::make(folder.path());
  Bytes drawn_bytes;
  std::string key;
  {
    Generator generator(options(), cache);
    const Request request = small_request("a red circle");
    Result drawn = generator.generate(request);
    BOOST_TEST(outcome_name(drawn.report.outcome) == "drawn");
    generator.drain();
    drawn.report.refresh_stored();
    BOOST_TEST(stored_name(drawn.report.stored) == "yes");
    BOOST_TEST(drawn.report.store_note.empty());

    const Result hit = generator.generate(request);
    BOOST_TEST(hit.report.is_hit());
    BOOST_TEST((*hit.bytes == *drawn.bytes));
    BOOST_TEST(hit.report.key.hex() == drawn.report.key.hex());
    BOOST_TEST(hit.report.payload_sha256 == drawn.report.payload_sha256);
    BOOST_TEST(hit.report.seed == drawn.report.seed);
    BOOST_TEST(hit.report.steps == drawn.report.steps);
    BOOST_TEST(hit.report.model == drawn.report.model);
    BOOST_TEST(stored_name(hit.report.stored) == "yes");
    BOOST_TEST(hit.width == 64u);
    BOOST_TEST(hit.height == 32u);
    BOOST_TEST(pipeline->drawings() == 1u);
    drawn_bytes = *drawn.bytes;
    key = drawn.report.key.hex();
  }
  Generator other(options(), cache);  // a cache outlives its generators
  const Result again = other.generate(small_request("a red circle"));
  BOOST_TEST(again.report.is_hit());
  BOOST_TEST((*again.bytes == drawn_bytes));
  const auto entry = cache->find(*CacheKey::from_hex(key));
  BOOST_REQUIRE(entry);
  BOOST_TEST((*entry->payload == drawn_bytes));
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(delivers_the_pixels_that_were_drawn) {
  Generator generator(options(), cache);
  const Result result = generator.generate(small_request("a red circle"));
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  const Bytes rgb = read_picture_pixels(*result.bytes, width, height);
  BOOST_TEST((rgb == zimg_test::picture_of(pipeline->orders().front()).rgb));
}

BOOST_AUTO_TEST_CASE(draws_the_canonical_request_and_not_the_raw_one) {
  Generator generator(options(), nullptr);
  Request raw = small_request("  a red   circle \n");
  raw.negative_prompt = "dead while guidance is off";
  raw.seed = (std::uint64_t{7} << 32) + 5;
  raw.guidance_normalization = 3;
  Request clean = small_request("a red circle");
  clean.seed = 5;
  const Result first = generator.generate(raw);
  const Result second = generator.generate(clean);
  BOOST_TEST(first.report.key.hex() == second.report.key.hex());
  const auto orders = pipeline->orders();
  BOOST_TEST(orders[0].prompt == "a red circle");
  BOOST_TEST(zimg_test::text_of(orders[0]) == zimg_test::text_of(orders[1]));
  BOOST_TEST(!first.report.folded.empty());
  BOOST_TEST(second.report.folded.empty());
}

BOOST_AUTO_TEST_CASE(takes_the_models_defaults) {
  Generator generator(options(), nullptr);
  Request request;
  request.prompt = "a red circle";
  const Result result = generator.generate(request);
  BOOST_TEST(result.width == 256u);
  BOOST_TEST(result.height == 256u);
  BOOST_TEST(result.report.steps == 8u);
  BOOST_TEST(result.report.guidance == 0);
  BOOST_TEST(result.report.seed == 42u);
  BOOST_TEST(pipeline->orders().front().sigmas.size() == 8u);
  BOOST_TEST(result.report.model == generator.model_name());
}

BOOST_AUTO_TEST_CASE(the_cache_changes_no_picture) {
  Generator with(options(), cache);
  Generator without(options(), nullptr);
  Request request = small_request("a red circle");
  const Result drawn = with.generate(request);
  with.drain();
  const Result hit = with.generate(request);
  const Result uncached = without.generate(request);
  request.mode = CacheMode::kBypass;
  const Result bypassing = with.generate(request);
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST((*uncached.bytes == *drawn.bytes));
  BOOST_TEST((*bypassing.bytes == *drawn.bytes));
  BOOST_TEST(pipeline->drawings() == 3u);
}

BOOST_AUTO_TEST_CASE(what_shows_in_the_picture_makes_another_key) {
  Generator generator(options(), nullptr);
  std::set<std::string> keys;
  Request request = small_request("a red circle");
  const auto add = [&](const Request& one) { keys.insert(generator.key(one).hex()); };
  add(request);
  std::vector<Request> others(8, request);
  others[0].prompt = "a blue circle";
  others[1].width = 96;
  others[2].height = 64;
  others[3].steps = 4;
  others[4].seed = 43;
  others[5].guidance = 2;
  others[6].vae_tiling = true;
  others[7].name_space = "other";
  for (const Request& other : others) add(other);
  BOOST_TEST(keys.size() == 9u);
  Request same = request;
  same.format = ImageFormat::kJpeg;
  same.splice_parameters = same.preview = true;
  same.mode = CacheMode::kBypass;
  same.guidance_truncation = 0.5;
  add(same);
  BOOST_TEST(keys.size() == 9u);
  BOOST_TEST(pipeline->drawings() == 0u);
}

BOOST_AUTO_TEST_CASE(who_draws_is_in_the_key) {
  GeneratorOptions other = options();
  other.pipeline_identity = "another fake";
  Generator one(options(), cache);
  Generator two(other, cache);
  const Request request = small_request("a red circle");
  BOOST_TEST(one.key(request).hex() != two.key(request).hex());
  one.generate(request);
  one.drain();
  BOOST_TEST(outcome_name(two.generate(request).report.outcome) == "drawn");
}

BOOST_AUTO_TEST_CASE(explains_the_fields_of_the_key) {
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.negative_prompt = "blur";
  const auto fields = generator.explain_key(request);
  const auto named = [&](const std::string& name) {
    for (const KeyField& field : fields) {
      if (field.name.find(name) != std::string::npos) return field;
    }
    throw std::runtime_error("no field " + name);
  };
  BOOST_TEST(named("prompt").is_live);
  BOOST_TEST(!named("negative").is_live);
  BOOST_TEST(pipeline->drawings() == 0u);
}

BOOST_AUTO_TEST_CASE(a_random_seed_is_fresh_and_neither_read_nor_joined_but_kept) {
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.random_seed = true;
  const Result one = generator.generate(request);
  const Result two = generator.generate(request);
  BOOST_TEST(one.report.seed != two.report.seed);  // equal once in 4 billion
  BOOST_TEST(pipeline->drawings() == 2u);
  generator.drain();
  BOOST_TEST(cache->stats().hits + cache->stats().misses == 0u);
  Request seeded = small_request("a red circle");
  seeded.seed = one.report.seed;
  const Result hit = generator.generate(seeded);
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST((*hit.bytes == *one.bytes));
}

BOOST_AUTO_TEST_CASE(a_request_that_bypasses_the_cache_neither_reads_nor_writes_it) {
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  request.mode = CacheMode::kBypass;
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    request.format = format;
    const Result result = generator.generate(request);
    BOOST_TEST(outcome_name(result.report.outcome) == "drawn");
    BOOST_TEST(stored_name(result.report.stored) == "no");
    BOOST_TEST(result.report.store_note == "the request bypasses the cache");
  }
  generator.drain();
  const CacheStats stats = cache->stats();
  BOOST_TEST(stats.hits + stats.misses + stats.stores + stats.entries == 0u);
  BOOST_TEST(pipeline->drawings() == 2u);
}

BOOST_AUTO_TEST_CASE(says_that_there_is_no_cache) {
  Generator generator(options(), nullptr);
  const Result result = generator.generate(small_request("a red circle"));
  BOOST_TEST(stored_name(result.report.stored) == "no");
  BOOST_TEST(result.report.store_note == "there is no cache");
  generator.drain();
}

BOOST_AUTO_TEST_CASE(a_flat_picture_is_delivered_marked_and_not_stored) {
  pipeline->spoil = [](Picture& picture) { std::fill(picture.rgb.begin(), picture.rgb.end(), std::uint8_t{7}); };
  Generator generator(options(), cache);
  Request request = small_request("a red circle");
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    request.format = format;
    const Result result = generator.generate(request);
    generator.drain();
    BOOST_TEST(result.report.is_flat);
    BOOST_TEST(stored_name(result.report.stored) == "no");
    BOOST_TEST(result.report.store_note == "the picture is one flat colour");
    BOOST_REQUIRE_EQUAL(result.report.warnings.size(), 1u);
    BOOST_TEST(!result.bytes->empty());
  }
  BOOST_TEST(cache->stats().entries == 0u);
  BOOST_TEST(pipeline->drawings() == 2u);
}

// One pixel is enough to make a picture of it.
BOOST_AUTO_TEST_CASE(a_picture_that_is_almost_flat_is_stored) {
  pipeline->spoil = [](Picture& picture) {
    std::fill(picture.rgb.begin(), picture.rgb.end(), std::uint8_t{7});
    picture.rgb.back() = 8;
  };
  Generator generator(options(), cache);
  BOOST_TEST(!generator.generate(small_request("a red circle")).report.is_flat);
  generator.drain();
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_what_drawing_cost_and_no_prompt) {
  pipeline->spoil = [](Picture& picture) { picture.wait_ms = 1e9; };  // more than there was
  Generator generator(options(), cache);
  const Result result = generator.generate(small_request("a secret circle"));
  generator.drain();
  const auto entry = cache->find(result.report.key);
  BOOST_REQUIRE(entry);
  BOOST_TEST(entry->info.draw_ms == 0);
  BOOST_TEST(entry->info.name_space == "default");
  BOOST_TEST(entry->info.model == generator.model_name());
  BOOST_TEST(entry->info.seed == 42u);
  BOOST_TEST(entry->info.steps == 3u);
  const std::string payload(entry->payload->begin(), entry->payload->end());
  BOOST_TEST(payload.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(draws_side_by_side_where_it_may) {
  GeneratorOptions two = options();
  two.drawings_at_once = 2;
  std::atomic<int> running = 0;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver&) {
    ++running;
    comes_true([&] { return running == 2; });
  };
  Generator generator(two, nullptr);
  auto one = ask(generator, small_request("one"));
  auto other = ask(generator, small_request("other"));
  one->result.get();
  other->result.get();
  BOOST_TEST(running == 2);
}

BOOST_AUTO_TEST_CASE(times_add_up) {
  pipeline->spoil = [](Picture& picture) {
    picture.load_ms = 0.25;
    picture.denoise_ms = 0.5;
  };
  Generator generator(options(), cache);
  const StageTimes drawn = generator.generate(small_request("a red circle")).report.times_ms;
  BOOST_TEST(drawn.load == 0.25);
  BOOST_TEST(drawn.denoise == 0.5);
  BOOST_TEST(drawn.wait >= 0);
  BOOST_TEST(drawn.total > 0);
  generator.drain();
  const StageTimes hit = generator.generate(small_request("a red circle")).report.times_ms;
  BOOST_TEST(hit.lookup > 0);
  BOOST_TEST(hit.wait + hit.load + hit.denoise + hit.decode + hit.encode_text == 0);
  BOOST_TEST(hit.total >= hit.lookup + hit.canonicalize);
}

BOOST_AUTO_TEST_CASE(the_destructor_waits_for_calls_in_flight_and_their_stores) {
  Gate gate;
  hold_drawings(gate);
  auto generator = std::make_unique<Generator>(options(), cache);
  auto asked = ask(*generator, small_request("a red circle"));
  BOOST_TEST(asked->aboard->pass());
  auto gone = std::async(std::launch::async, [&] { generator.reset(); });
  BOOST_TEST((gone.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  gate.open();
  Result result = asked->result.get();
  gone.get();
  result.report.refresh_stored();
  BOOST_TEST(stored_name(result.report.stored) == "yes");
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(moves) {
  Generator one(options(), cache);
  const Request request = small_request("a red circle");
  Generator two(std::move(one));
  BOOST_TEST(outcome_name(two.generate(request).report.outcome) == "drawn");
  Generator three(options(), nullptr);
  three = std::move(two);
  three.drain();
  BOOST_TEST(three.generate(request).report.is_hit());
  const auto closed = is_error(ErrorCode::kClosed, "moved from");
  BOOST_CHECK_EXCEPTION(two.generate(request), Error, closed);
  BOOST_CHECK_EXCEPTION(two.drain(), Error, closed);
  BOOST_CHECK_EXCEPTION(two.model_name(), Error, closed);
}

BOOST_AUTO_TEST_CASE(the_built_in_model_is_what_no_model_means) {
  GeneratorOptions unnamed = options();
  ::setenv("ZIMG_BUILTIN_MODEL", zimg_test::kModel.c_str(), 1);
  unnamed.model.clear();
  BOOST_TEST(Generator(unnamed).is_builtin_model());
  BOOST_TEST(!Generator(options()).is_builtin_model());
  BOOST_TEST(Generator(unnamed).key(small_request("a")).hex() == Generator(options()).key(small_request("a")).hex());
  ::setenv("ZIMG_BUILTIN_MODEL", "/nowhere", 1);
  BOOST_CHECK_EXCEPTION(Generator{unnamed}, Error, is_error(ErrorCode::kNotFound, "'/nowhere'"));
  ::unsetenv("ZIMG_BUILTIN_MODEL");
}

BOOST_AUTO_TEST_SUITE_END()
