// zimg_key: as digits, explained, and the keys of the article.
#include <cstring>

#include "capi_fixture.hpp"

using namespace capi_test;

BOOST_AUTO_TEST_CASE(goes_to_digits_and_back) {
  const std::string digits = "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff";
  zimg_key key{};
  must(zimg_key_from_hex, digits.data(), digits.size(), &key);
  BOOST_TEST(key.bytes[10] == 0xAA);
  char hex[65];
  must(zimg_key_to_hex, static_cast<const zimg_key*>(&key), &hex[0], sizeof(hex));
  BOOST_TEST(hex == std::string("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"));
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_key_to_hex, static_cast<const zimg_key*>(&key), &hex[0], std::size_t{64});
  for (const char* wrong : {"", "00", "zz112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"}) {
    refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_key_from_hex, wrong, std::strlen(wrong), &key);
  }
}

BOOST_AUTO_TEST_CASE(is_the_one_that_the_report_names_and_is_explained) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a circle");
  zimg_key key{};
  must(zimg_generator_key, generator.get(), request.get(), &key);
  BOOST_TEST(painter.drawings == 0);
  const Result result = generated(generator, request);
  BOOST_TEST(std::memcmp(&key, zimg_report_key(zimg_result_report(result.get())), sizeof(key)) == 0);

  KeyFields fields;
  must(zimg_generator_explain_key, generator.get(), request.get(), fields.out());
  const std::size_t count = zimg_key_fields_count(fields.get());
  BOOST_REQUIRE(count > 8u);
  int live = 0;
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST(!text_of(zimg_key_fields_name, fields.get(), i).empty());
    live += zimg_key_fields_is_live(fields.get(), i);
    BOOST_TEST((i == 0 || zimg_key_fields_tag(fields.get(), i) >= zimg_key_fields_tag(fields.get(), i - 1)));
  }
  BOOST_TEST(live > 5);
  BOOST_TEST((zimg_key_fields_name(fields.get(), count, nullptr) == nullptr));
  BOOST_TEST(zimg_key_fields_tag(fields.get(), count) == 0);
}

BOOST_AUTO_TEST_CASE(the_articles_key_is_the_digest_of_the_articles_text) {
  const std::string json =
      R"({"prompt": "A  Red Circle", "config": {"resolution": "512x512", "steps": 8, "cfg_scale": 7.0,)"
      R"( "model_version": "v1"}})";
  Text text;
  must(zimg_article_text_of_json, json.data(), json.size(), text.out());
  const std::string hashed = text_of(zimg_text_data, text.get());
  BOOST_TEST(hashed ==
             R"(a red circle||||{"cfg_scale": 7.0, "model_version": "v1", "resolution": "512x512", "steps": 8})");
  const std::string config = R"({"resolution": "512x512", "steps": 8, "cfg_scale": 7.0, "model_version": "v1"})";
  must(zimg_article_text, "A  Red Circle", std::size_t{13}, nullptr, std::size_t{0}, config.data(), config.size(),
       text.out());
  BOOST_TEST(text_of(zimg_text_data, text.get()) == hashed);
  zimg_key one{};
  zimg_key other{{1}};
  must(zimg_article_key_of_json, json.data(), json.size(), &one);
  must(zimg_article_key, "A  Red Circle", std::size_t{13}, nullptr, std::size_t{0}, config.data(), config.size(),
       &other);
  BOOST_TEST(std::memcmp(&one, &other, sizeof(one)) == 0);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_article_key_of_json, "{", std::size_t{1}, &one);
}
