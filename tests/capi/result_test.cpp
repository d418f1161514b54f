// zimg_result and zimg_report: the picture as a view, shared and copied, and how it came about.
#include <cstring>

#include "capi_fixture.hpp"

using namespace capi_test;

BOOST_AUTO_TEST_CASE(the_picture_is_seen_shared_and_copied) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  Result result = generated(generator, request_of("a circle"));
  const std::vector<std::uint8_t> bytes = bytes_of(result);
  BOOST_REQUIRE(bytes.size() > 100u);
  BOOST_TEST(std::memcmp(bytes.data(), "\x89PNG", 4) == 0);
  BOOST_TEST(zimg_result_format(result.get()) == ZIMG_IMAGE_FORMAT_PNG);
  BOOST_TEST(zimg_result_width(result.get()) == 64u);
  BOOST_TEST(zimg_result_height(result.get()) == 64u);

  std::vector<std::uint8_t> copy(bytes.size());
  must(zimg_result_copy_bytes, result.get(), static_cast<void*>(copy.data()), copy.size());
  BOOST_TEST((copy == bytes));
  BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_result_copy_bytes, result.get(),
                           static_cast<void*>(copy.data()), copy.size() - 1),
                   std::to_string(bytes.size())));

  SharedOctets shared;
  must(zimg_result_share_bytes, result.get(), shared.out());
  result.reset();
  std::size_t size = 0;
  const std::uint8_t* data = zimg_bytes_data(shared.get(), &size);
  BOOST_REQUIRE(size == bytes.size());
  BOOST_TEST(std::memcmp(data, bytes.data(), size) == 0);
}

BOOST_AUTO_TEST_CASE(a_hit_returns_the_bytes_of_the_miss_and_says_so) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Request request = request_of(" a\xe2\x80\x8b circle ", 7);
  const Result drawn = generated(generator, request);
  const zimg_report* report = zimg_result_report(drawn.get());
  BOOST_TEST(zimg_report_outcome(report) == ZIMG_OUTCOME_DRAWN);
  BOOST_TEST(zimg_report_is_hit(report) == 0);
  BOOST_TEST(zimg_report_seed(report) == 7u);
  BOOST_TEST(zimg_report_steps(report) > 0u);
  BOOST_TEST(zimg_report_guidance(report) >= 0);
  BOOST_TEST(text_of(zimg_report_namespace, report) == "default");
  BOOST_TEST(text_of(zimg_report_payload_sha256, report).size() == 64u);
  BOOST_TEST(text_of(zimg_report_model, report) == text_of(zimg_generator_model_name, generator.get()));
  BOOST_TEST(zimg_generator_is_builtin_model(generator.get()) == 1);
  BOOST_TEST(zimg_report_folded_count(report) > 0u);
  BOOST_TEST(!text_of(zimg_report_folded, report, std::size_t{0}).empty());
  BOOST_TEST((zimg_report_folded(report, 99, nullptr) == nullptr));
  BOOST_TEST(zimg_report_warning_count(report) == 0u);
  BOOST_TEST(zimg_report_tag_count(report) == 0u);
  BOOST_TEST(zimg_report_is_flat(report) == 0);
  BOOST_TEST(zimg_report_stage_ms(report, ZIMG_STAGE_DENOISE) == 12.5);
  BOOST_TEST(zimg_report_stage_ms(report, ZIMG_STAGE_TOTAL) > 0);
  BOOST_TEST(zimg_report_stage_ms(report, 9) == 0);
  BOOST_TEST(zimg_report_stage_ms(report, -1) == 0);

  must(zimg_generator_drain, generator.get());
  must(zimg_result_refresh_stored, drawn.get());
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_YES);
  BOOST_TEST(text_of(zimg_report_store_note, report).empty());

  const Result hit = generated(generator, request);
  BOOST_TEST(zimg_report_is_hit(zimg_result_report(hit.get())) == 1);
  BOOST_TEST((bytes_of(hit) == bytes_of(drawn)));
  BOOST_TEST(std::memcmp(zimg_report_key(zimg_result_report(hit.get())), zimg_report_key(report), 32) == 0);
  BOOST_TEST(painter.drawings == 1);

  must(zimg_request_set_format, request.get(), ZIMG_IMAGE_FORMAT_JPEG);
  const Result converted = generated(generator, request);
  BOOST_TEST(zimg_report_is_converted(zimg_result_report(converted.get())) == 1);
  BOOST_TEST(painter.drawings == 1);
}

BOOST_AUTO_TEST_CASE(what_is_not_stored_says_why) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Request request = request_of("a circle");
  must(zimg_request_set_cache_mode, request.get(), ZIMG_CACHE_MODE_NO_STORE);
  const Result result = generated(generator, request);
  const zimg_report* report = zimg_result_report(result.get());
  BOOST_TEST(zimg_report_stored(report) == ZIMG_STORED_NO);
  BOOST_TEST(!text_of(zimg_report_store_note, report).empty());
}

BOOST_AUTO_TEST_CASE(names_of_enumerators) {
  BOOST_TEST(zimg_outcome_name(ZIMG_OUTCOME_JOINED) == std::string_view("joined"));
  BOOST_TEST(zimg_stored_name(ZIMG_STORED_PENDING) == std::string_view("pending"));
  BOOST_TEST(zimg_trace_kind_name(ZIMG_TRACE_KIND_CORRUPT) == std::string_view("corrupt"));
  BOOST_TEST(zimg_prewarm_end_name(ZIMG_PREWARM_END_NOT_STORED) == std::string_view("not stored"));
  for (const std::int32_t number : {-1, 99, 256, INT32_MIN}) {
    BOOST_TEST(zimg_outcome_name(number) == std::string_view("unknown"));
    BOOST_TEST(zimg_stored_name(number) == std::string_view("unknown"));
    BOOST_TEST(zimg_trace_kind_name(number) == std::string_view("unknown"));
    BOOST_TEST(zimg_prewarm_end_name(number) == std::string_view("unknown"));
  }
}
