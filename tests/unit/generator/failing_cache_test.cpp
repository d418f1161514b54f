#include "unit/generator/faulty_cache.hpp"

#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
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
  std::shared_ptr<FaultyCache> faulty = std::make_shared<FaultyCache>();

  // Stores a picture, makes the cache lie about it, and asks again: it must be drawn anew, the same, with a warning,
  // and be found afterwards.
  void check_lie(const std::function<void(CacheEntry&)>& lie, ImageFormat format = ImageFormat::kPng,
                 bool splice = false) {
    faulty = std::make_shared<FaultyCache>();
    Generator generator(options(), faulty);
    Request request = small_request("a red circle");
    const Result drawn = generator.generate(request);
    request.format = format;
    request.splice_parameters = splice;
    generator.drain();
    faulty->lie = lie;
    const std::size_t drawings = pipeline->drawings();
    const Result again = generator.generate(request);
    BOOST_TEST(outcome_name(again.report.outcome) == "drawn");
    BOOST_TEST(!again.report.converted);
    BOOST_TEST(again.report.payload_sha256.size() == 64u);
    BOOST_REQUIRE_EQUAL(again.report.warnings.size(), 1u);
    BOOST_TEST_MESSAGE(again.report.warnings.front());
    BOOST_TEST(faulty->erasures == 1);
    BOOST_TEST(pipeline->drawings() == drawings + 1);
    if (format == ImageFormat::kPng && !splice) BOOST_TEST((*again.bytes == *drawn.bytes));
    generator.drain();
    faulty->lie = nullptr;
    const Result hit = generator.generate(request);
    BOOST_TEST(hit.report.is_hit());
    BOOST_TEST((*hit.bytes == *again.bytes));
  }
};

SharedBytes changed(const SharedBytes& payload, const std::function<void(Bytes&)>& change) {
  Bytes bytes = *payload;
  change(bytes);
  return std::make_shared<const Bytes>(std::move(bytes));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(failing_cache, Fixture)

BOOST_AUTO_TEST_CASE(one_that_cannot_be_read_costs_a_warning) {
  faulty->before_find = [] { throw Error(ErrorCode::kCache, "the disk is gone"); };
  Generator generator(options(), faulty);
  Request request = small_request("a red circle");
  request.format = ImageFormat::kJpeg;  // looks twice, says it once
  const Result result = generator.generate(request);
  BOOST_TEST(outcome_name(result.report.outcome) == "drawn");
  BOOST_REQUIRE_EQUAL(result.report.warnings.size(), 1u);
  BOOST_TEST(result.report.warnings.front() == "the cache could not be read: the disk is gone");
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_written_costs_a_note) {
  faulty->before_store = [] { throw Error(ErrorCode::kCache, "the disk is full"); };
  Generator generator(options(), faulty);
  Result result = generator.generate(small_request("a red circle"));
  generator.drain();
  result.report.refresh_stored();
  BOOST_TEST(stored_name(result.report.stored) == "no");
  BOOST_TEST(result.report.store_note == "the cache could not be written: the disk is full");
  BOOST_TEST(outcome_name(generator.generate(small_request("a red circle")).report.outcome) == "drawn");
}

BOOST_AUTO_TEST_CASE(one_that_throws_what_is_no_error_costs_no_more) {
  faulty->before_find = [] { throw 1; };
  faulty->before_store = [] { throw "a text"; };
  Generator generator(options(), faulty);
  Result result = generator.generate(small_request("a red circle"));
  generator.drain();
  result.report.refresh_stored();
  BOOST_TEST(result.report.warnings.size() == 1u);
  BOOST_TEST(stored_name(result.report.stored) == "no");
}

BOOST_AUTO_TEST_CASE(one_that_will_not_keep_a_picture_says_why) {
  for (const auto& [outcome, note] : {std::pair(StoreOutcome::kTooFull, "the cache is full"),
                                      std::pair(StoreOutcome::kTooLarge, "larger than the cache would hold"),
                                      std::pair(StoreOutcome::kOverQuota, "may not take more")}) {
    faulty->refusal = outcome;
    Generator generator(options(), faulty);
    Result result = generator.generate(small_request("a red circle"));
    generator.drain();
    result.report.refresh_stored();
    BOOST_TEST(stored_name(result.report.stored) == "no");
    BOOST_TEST(result.report.store_note.find(note) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_picture_is_drawn_anew) {
  check_lie([](CacheEntry& entry) { entry.payload = nullptr; });
  check_lie([](CacheEntry& entry) { entry.payload = std::make_shared<const Bytes>(); });
}

BOOST_AUTO_TEST_CASE(an_entry_of_another_picture_is_drawn_anew) {
  check_lie([](CacheEntry& entry) { entry.info.width = 32; });
  check_lie([](CacheEntry& entry) { entry.info.height = 64; });
  check_lie([](CacheEntry& entry) { entry.info.seed = 1; });
  check_lie([](CacheEntry& entry) { entry.info.format = ImageFormat::kJpeg; });
  check_lie([](CacheEntry& entry) { entry.payload = changed(entry.payload, [](Bytes& bytes) { bytes[0] = 'x'; }); });
}

BOOST_AUTO_TEST_CASE(an_entry_that_cannot_be_converted_or_spliced_is_drawn_anew) {
  const auto cut = [](CacheEntry& entry) {
    if (entry.info.format != ImageFormat::kPng) return;
    entry.payload = changed(entry.payload, [](Bytes& bytes) { bytes.resize(20); });
  };
  check_lie(cut, ImageFormat::kJpeg);
  check_lie(cut, ImageFormat::kPng, true);
}

BOOST_AUTO_TEST_CASE(one_that_lies_and_cannot_erase_costs_two_warnings) {
  faulty->lie = [](CacheEntry& entry) { entry.payload = nullptr; };
  faulty->before_erase = [] { throw Error(ErrorCode::kCache, "read-only"); };
  Generator generator(options(), faulty);
  generator.generate(small_request("a red circle"));
  generator.drain();
  const Result again = generator.generate(small_request("a red circle"));
  BOOST_TEST(outcome_name(again.report.outcome) == "drawn");
  BOOST_TEST(again.report.warnings.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_answer_does_not_wait_for_the_store) {
  Gate gate;
  faulty->before_store = [&] { gate.pass(); };
  Generator generator(options(), faulty);
  Result result = generator.generate(small_request("a red circle"));
  BOOST_TEST(stored_name(result.report.stored) == "pending");
  auto drained = std::async(std::launch::async, [&] { generator.drain(); });
  BOOST_TEST((drained.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  gate.open();
  drained.get();
  result.report.refresh_stored();
  BOOST_TEST(stored_name(result.report.stored) == "yes");
}

BOOST_AUTO_TEST_CASE(an_equal_request_joins_while_the_picture_is_being_stored) {
  Gate gate;
  faulty->before_store = [&] { gate.pass(); };
  Generator generator(options(), faulty);
  const Result first = generator.generate(small_request("a red circle"));
  const Result second = generator.generate(small_request("a red circle"));
  BOOST_TEST(outcome_name(second.report.outcome) == "joined");
  BOOST_TEST(stored_name(second.report.stored) == "pending");
  BOOST_TEST((*second.bytes == *first.bytes));
  gate.open();
  generator.drain();
  BOOST_TEST(generator.generate(small_request("a red circle")).report.is_hit());
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_too_much_to_store_is_dropped_and_said) {
  Gate gate;
  faulty->before_store = [&] { gate.pass(); };
  GeneratorOptions narrow = options();
  narrow.pending_stores = 2;
  Generator generator(narrow, faulty);
  std::vector<Result> results;
  for (int i = 0; i < 4; ++i) results.push_back(generator.generate(small_request("picture " + std::to_string(i))));
  for (int i = 2; i < 4; ++i) {
    BOOST_TEST(stored_name(results[i].report.stored) == "no");
    BOOST_TEST(results[i].report.store_note == "too many pictures were waiting to be stored");
  }
  gate.open();
  generator.drain();
  for (Result& result : results) result.report.refresh_stored();
  BOOST_TEST(stored_name(results[0].report.stored) == "yes");
  BOOST_TEST(stored_name(results[1].report.stored) == "yes");
  BOOST_TEST(stored_name(results[3].report.stored) == "no");
  BOOST_TEST(faulty->stats().entries == 2u);
  BOOST_TEST(generator.metrics().stored == 2u);
  BOOST_TEST(generator.metrics().not_stored == 2u);
  BOOST_TEST(generator.metrics().store_ms.count() == 2u);
  BOOST_TEST(outcome_name(generator.generate(small_request("picture 3")).report.outcome) == "drawn");
}

BOOST_AUTO_TEST_CASE(the_destructor_waits_for_pending_stores) {
  Gate gate;
  faulty->before_store = [&] { gate.pass(); };
  auto generator = std::make_unique<Generator>(options(), faulty);
  Result result = generator->generate(small_request("a red circle"));
  auto gone = std::async(std::launch::async, [&] { generator.reset(); });
  BOOST_TEST((gone.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  gate.open();
  gone.get();
  result.report.refresh_stored();  // a report outlives its generator
  BOOST_TEST(stored_name(result.report.stored) == "yes");
  BOOST_TEST(faulty->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_addressed_directly_fails_with_its_own_code) {
  zimg_test::TemporaryFolder folder;
  LmdbOptions lmdb;
  lmdb.path = zimg_test::kModel + "/model_index.json";
  BOOST_CHECK_EXCEPTION(open_lmdb_cache(lmdb), Error, is_error(ErrorCode::kCache, "model_index.json"));
}

BOOST_AUTO_TEST_SUITE_END()
