// That nothing of a picture outlives its being drawn anew.
#include <atomic>

#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/modes_fixture.hpp"

using namespace zimg;
using zimg_test::as_jpeg;
using zimg_test::FaultyCache;
using zimg_test::Gate;
using zimg_test::in_mode;
using zimg_test::ModesFixture;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : ModesFixture {
  void draw_with_a_refresh_aboard(Generator& generator) {
    Gate gate;
    hold_drawings(gate);
    auto one = ask(generator, small_request("a red circle"));
    BOOST_TEST(one->aboard->pass());
    auto other = ask(generator, in_mode(CacheMode::kRefresh));
    BOOST_TEST(other->aboard->pass());
    gate.open();
    one->result.get();
    BOOST_TEST(outcome_name(other->result.get().report.outcome) == "joined");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refresh, Fixture)

BOOST_AUTO_TEST_CASE(refresh_draws_and_replaces) {
  Generator generator(options(), cache);
  const auto key = generator.generate(small_request("a red circle")).report.key;
  generator.drain();
  CacheEntry planted = *cache->find(key);
  Bytes other = *planted.payload;
  other.push_back(0);  // tells it from the one that was drawn
  planted.payload = std::make_shared<const Bytes>(other);
  planted.info.payload_sha256 = {};
  cache->store(key, planted);
  BOOST_TEST(ask_once(generator, in_mode(CacheMode::kRefresh)) == "drawn");
  BOOST_TEST(pipeline->drawings() == 2u);
  const Result hit = generator.generate(small_request("a red circle"));
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST(hit.bytes->size() + 1 == other.size());
}

BOOST_AUTO_TEST_CASE(refresh_leaves_no_jpeg_of_the_old_picture) {
  Generator generator(options(), cache);
  ask_once(generator, as_jpeg(90));
  ask_once(generator, as_jpeg(40));
  BOOST_TEST(kept().size() == 3u);
  Request refreshing = in_mode(CacheMode::kRefresh);
  refreshing.ttl_ms = 3600000;
  ask_once(generator, refreshing);
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST(ask_once(generator, as_jpeg(90)) == "hit");  // made anew, and goes when the PNG does
  for (const EntryInfo& info : kept()) BOOST_TEST(info.expires_at_ms > 0);
}

BOOST_AUTO_TEST_CASE(what_is_pinned_stays_pinned) {
  Generator generator(options(), cache);
  Request pinning = in_mode(CacheMode::kNormal);
  pinning.pin = true;
  ask_once(generator, pinning);
  BOOST_TEST(ask_once(generator, in_mode(CacheMode::kRefresh)) == "drawn");
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST(kept().front().is_pinned);
  BOOST_TEST(cache->pin(generator.key(pinning), false));
  BOOST_TEST(ask_once(generator, in_mode(CacheMode::kRefresh)) == "drawn");
  BOOST_TEST(!kept().front().is_pinned);
}

BOOST_AUTO_TEST_CASE(what_is_pinned_stays_pinned_in_another_form) {
  GeneratorOptions as_delivered = options();
  as_delivered.kept = Kept::kDelivered;
  Generator generator(as_delivered, cache);
  Request pinning = in_mode(CacheMode::kNormal);
  pinning.pin = true;
  ask_once(generator, pinning);
  Request refreshing = as_jpeg(90);
  refreshing.mode = CacheMode::kRefresh;
  ask_once(generator, refreshing);
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST((kept().front().format == ImageFormat::kJpeg));
  BOOST_TEST(kept().front().is_pinned);
}

BOOST_AUTO_TEST_CASE(refresh_leaves_no_jpeg_that_the_upper_cache_of_a_tier_alone_has) {
  const auto upper = make_memory_cache(8u << 20);
  Generator generator(options(), make_tiered_cache(upper, cache));
  ask_once(generator, as_jpeg(90));
  cache->erase_if(  // as an eviction does
      [](const CacheKey&, const EntryInfo& info, std::uint64_t) { return info.format == ImageFormat::kJpeg; });
  ask_once(generator, in_mode(CacheMode::kRefresh));
  BOOST_TEST(kept().size() == 1u);
  BOOST_TEST(upper->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(refresh_of_what_is_kept_as_delivered_leaves_no_other_format) {
  GeneratorOptions as_delivered = options();
  as_delivered.kept = Kept::kDelivered;
  Generator generator(as_delivered, cache);
  ask_once(generator, in_mode(CacheMode::kNormal));
  Request refreshing = as_jpeg(90);
  refreshing.mode = CacheMode::kRefresh;
  ask_once(generator, refreshing);
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST((kept().front().format == ImageFormat::kJpeg));
}

// A hit makes the JPEG of a PNG that is replaced or erased meanwhile.
BOOST_AUTO_TEST_CASE(a_conversion_that_was_overtaken_is_not_kept) {
  for (const bool is_refreshed : {true, false}) {
    const auto slow = std::make_shared<FaultyCache>();
    Gate found;
    Gate may_convert;
    std::atomic<bool> is_first = true;
    Generator generator(options(), slow);
    ask_once(generator, small_request("a red circle"));
    slow->lie = [&](CacheEntry&) {
      if (!is_first.exchange(false)) return;
      found.open();
      may_convert.pass();
    };
    auto converting = ask(generator, as_jpeg());
    BOOST_TEST(found.pass());
    pipeline->spoil = [](Picture& picture) { picture.rgb[0] ^= 0xFFu; };
    if (is_refreshed) {
      BOOST_TEST(ask_once(generator, in_mode(CacheMode::kRefresh)) == "drawn");
    } else {
      slow->erase(generator.key(as_jpeg()));
    }
    may_convert.open();
    const Result old = converting->result.get();
    BOOST_TEST(old.report.converted);
    generator.drain();
    BOOST_TEST(slow->stats().entries == (is_refreshed ? 1u : 0u));
    BOOST_TEST((*generator.generate(as_jpeg()).bytes != *old.bytes));
    pipeline->spoil = nullptr;
  }
}

BOOST_AUTO_TEST_CASE(a_jpeg_is_kept_whose_png_is_too_large_to_be) {
  const auto narrow = std::make_shared<FaultyCache>();
  narrow->before_store = [&] {
    narrow->refusal = narrow->stores == 1 ? std::optional(StoreOutcome::kTooLarge) : std::nullopt;
  };
  Generator generator(options(), narrow);
  BOOST_TEST(ask_once(generator, as_jpeg()) == "drawn");
  BOOST_TEST(narrow->stats().entries == 1u);
  BOOST_TEST(ask_once(generator, as_jpeg()) == "hit");
}

BOOST_AUTO_TEST_CASE(refresh_joins_a_drawing_that_is_under_way) {
  Generator generator(options(), cache);
  draw_with_a_refresh_aboard(generator);
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(refresh_that_joins_leaves_no_jpeg_of_the_old_picture) {
  Generator generator(options(), cache);
  ask_once(generator, as_jpeg());
  ask_once(generator, as_jpeg(40));
  cache->erase(generator.key(as_jpeg()));  // as eviction does: the PNG alone
  draw_with_a_refresh_aboard(generator);
  generator.drain();
  BOOST_REQUIRE_EQUAL(kept().size(), 1u);
  BOOST_TEST((kept().front().format == ImageFormat::kPng));
}

BOOST_AUTO_TEST_CASE(refresh_does_not_take_a_picture_that_is_only_being_stored) {
  const auto slow = std::make_shared<FaultyCache>();
  Gate storing;
  Gate may_store;
  slow->before_store = [&] {
    storing.open();
    may_store.pass();
  };
  Generator generator(options(), slow);
  generator.generate(small_request("a red circle"));
  BOOST_TEST(storing.pass());
  BOOST_TEST(outcome_name(generator.generate(in_mode(CacheMode::kNormal)).report.outcome) == "joined");
  BOOST_TEST(outcome_name(generator.generate(in_mode(CacheMode::kRefresh)).report.outcome) == "drawn");
  may_store.open();
  BOOST_TEST(pipeline->drawings() == 2u);
}

// What the first of them keeps has been replaced when the others' turn comes.
BOOST_AUTO_TEST_CASE(delivered_keeps_no_format_of_a_drawing_that_was_overtaken) {
  const auto replaced = std::make_shared<FaultyCache>();
  replaced->lie = [](CacheEntry& entry) { entry.payload = std::make_shared<const Bytes>(Bytes{1}); };
  GeneratorOptions delivering = options();
  delivering.kept = Kept::kDelivered;
  Gate gate;
  hold_drawings(gate);
  Generator generator(delivering, replaced);
  std::vector<std::unique_ptr<zimg_test::Asked>> all;
  for (const Request& request : {as_jpeg(), small_request("a red circle"), as_jpeg(50)}) {
    all.push_back(ask(generator, request));
    BOOST_TEST(all.back()->aboard->pass());
  }
  gate.open();
  std::vector<Result> results;
  for (const auto& asked : all) results.push_back(asked->result.get());
  generator.drain();
  for (Result& result : results) result.report.refresh_stored();
  BOOST_TEST(replaced->stats().entries == 1u);
  BOOST_TEST(stored_name(results[0].report.stored) == "yes");
  BOOST_TEST(stored_name(results[1].report.stored) == "no");
  BOOST_TEST(results[1].report.store_note == "the picture that it belongs to is no longer kept");
  BOOST_TEST(generator.metrics().stored == 1u);
  BOOST_TEST(generator.metrics().not_stored == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
