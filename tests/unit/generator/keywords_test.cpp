// What a Generator does with prompts that its keyword lists name.
#include <fstream>

#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  zimg_test::TemporaryFolder folder;

  GeneratorOptions options_with(KeywordAction action, const std::string& tag = "") const {
    const std::string path = folder.path("list");
    std::ofstream(path) << "zorblex\n";
    GeneratorOptions with = options();
    with.keywords = {{path, action, tag}};
    return with;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keywords, Fixture)

BOOST_AUTO_TEST_CASE(delivers_and_does_not_store) {
  Generator generator(options_with(KeywordAction::kNoStore), cache);
  for (const auto format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    Request request = small_request("a Z.o.r.b.l.e.x at night");
    request.format = format;
    Result result = generator.generate(request);
    generator.drain();
    result.report.refresh_stored();
    BOOST_TEST(result.report.is_filtered);
    BOOST_TEST((result.report.outcome == Outcome::kDrawn));
    BOOST_TEST((result.report.stored == Stored::kNo));
    BOOST_TEST(result.report.store_note.find("keyword list") != std::string::npos);
  }
  BOOST_TEST(pipeline->drawings() == 2u);
  BOOST_TEST(cache->stats().entries == 0u);
  const Result other = generator.generate(small_request("a red circle"));
  generator.drain();
  BOOST_TEST(!other.report.is_filtered);
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_AUTO_TEST_CASE(changes_no_picture_and_no_key) {
  Generator with(options_with(KeywordAction::kNoStore), cache);
  Generator without(options(), nullptr);
  const Result one = with.generate(small_request("zorblex"));
  const Result other = without.generate(small_request("zorblex"));
  BOOST_TEST((one.report.key == other.report.key));
  BOOST_TEST((*one.bytes == *other.bytes));
}

BOOST_AUTO_TEST_CASE(refuses_before_any_work) {
  Generator generator(options_with(KeywordAction::kRefuse), cache);
  BOOST_CHECK_EXCEPTION(generator.generate(small_request("a zorblex")), Error,
                        is_error(ErrorCode::kRefused, "keyword list"));
  BOOST_CHECK_EXCEPTION(generator.key(small_request("a z0rblex")), Error, is_error(ErrorCode::kRefused, "refuses"));
  BOOST_TEST(pipeline->drawings() == 0u);
  BOOST_TEST(cache->stats().misses == 0u);
  generator.generate(small_request("a red circle"));
  BOOST_TEST(pipeline->drawings() == 1u);
}

// Refused even where its picture is in the cache: a list may be newer than a store.
BOOST_AUTO_TEST_CASE(refuses_what_is_in_the_cache) {
  Generator before(options(), cache);
  before.generate(small_request("a zorblex"));
  before.drain();
  Generator after(options_with(KeywordAction::kRefuse), cache);
  BOOST_CHECK_EXCEPTION(after.generate(small_request("a zorblex")), Error, is_error(ErrorCode::kRefused, "refuses"));
}

BOOST_AUTO_TEST_CASE(tags_and_stores) {
  Generator generator(options_with(KeywordAction::kTag, "brand"), cache);
  Result result = generator.generate(small_request("a zorblex"));
  generator.drain();
  result.report.refresh_stored();
  BOOST_TEST(result.report.is_filtered);
  BOOST_TEST((result.report.tags == std::vector<std::string>{"brand"}));
  BOOST_TEST((result.report.stored == Stored::kYes));
  BOOST_TEST(cache->find(result.report.key)->info.tag == "brand");
}

BOOST_AUTO_TEST_CASE(tells_the_trace) {
  GeneratorOptions tracing = options_with(KeywordAction::kNoStore);
  std::vector<std::string> told;
  tracing.on_trace = [&](const TraceEvent& event) {
    if (event.kind == TraceKind::kFiltered) told.push_back(event.reason);
  };
  Generator generator(tracing, cache);
  generator.generate(small_request("a zorblex"));
  generator.generate(small_request("a red circle"));
  BOOST_TEST((told == std::vector<std::string>{"no-store"}));
}

BOOST_AUTO_TEST_CASE(looks_at_no_negative_prompt) {
  Generator generator(options_with(KeywordAction::kRefuse), cache);
  Request request = small_request("a red circle");
  request.negative_prompt = "zorblex";
  request.guidance = 3;
  BOOST_TEST(!generator.generate(request).report.is_filtered);
}

BOOST_AUTO_TEST_CASE(names_the_line_of_a_wrong_list) {
  GeneratorOptions wrong = options_with(KeywordAction::kRefuse);
  std::ofstream(wrong.keywords[0].path) << "foo\n***\n";
  BOOST_CHECK_EXCEPTION(Generator(wrong, cache), Error, is_error(ErrorCode::kInvalidArgument, "line 2"));
}

BOOST_AUTO_TEST_SUITE_END()
