#include "zimg/article_key.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>

#include "expect_error.hpp"
#include "key/python_float.hpp"
#include "key/python_json.hpp"

using zimg::article_key;
using zimg::article_text;
using zimg::ArticleRequest;
using zimg::ErrorCode;
using zimg::key::python_float;
using zimg_test::expect_error;

namespace {

const std::string kConfig =
    R"({"resolution": "512x512", "steps": 8, "cfg_scale": 7.0, "model_version": "z-image-turbo-v1"})";

std::string rewritten(const std::string& json) {
  return zimg::key::write_python_json(zimg::key::read_python_json(json, "the text"));
}

void refuses_json(const std::string& json, const std::string& word) {
  expect_error(ErrorCode::kInvalidArgument, {"the text", word}, [&] { rewritten(json); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(article)

BOOST_AUTO_TEST_CASE(equals_the_published_vectors) {
  std::ifstream file(std::string(ZIMG_TEST_DATA) + "/key/article_keys.tsv");
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const std::size_t tab = line.find('\t');
    BOOST_TEST(article_key(line.substr(tab + 1)).hex() == line.substr(0, tab), line);
  }
  BOOST_TEST(count == 49);
}

BOOST_AUTO_TEST_CASE(a_request_and_its_json_have_one_key) {
  const ArticleRequest request{"  A   Cat ", "low quality，blurry", kConfig};
  BOOST_TEST(article_key(request).hex() == "4739767c90cea735d7d6a3e6adae27d73db73ba27a41adc9ece46759acddc4b1");
  BOOST_TEST(article_text(request) ==
             "a cat||low quality,blurry||"
             R"({"cfg_scale": 7.0, "model_version": "z-image-turbo-v1", )"
             R"("resolution": "512x512", "steps": 8})");
  BOOST_TEST(article_text(R"({"prompt": "  A   Cat ", "negative_prompt": "low quality，blurry", "config": )" + kConfig +
                          "}") == article_text(request));
}

// What zimg's own keys do better stays wrong here, or the other program would find nothing.
BOOST_AUTO_TEST_CASE(its_faults_are_kept) {
  const auto key = [](const std::string& prompt, const std::string& negative) {
    return article_key(ArticleRequest{prompt, negative, kConfig});
  };
  BOOST_TEST((key("a||b", "c") == key("a", "b||c")));
  BOOST_TEST((key("\"STOP\"", "") == key("\"stop\"", "")));
  BOOST_TEST((key("e\u0301", "") != key("\u00E9", "")));
}

BOOST_AUTO_TEST_CASE(wrong_requests_are_refused) {
  const auto refuses = [](const ArticleRequest& request, std::initializer_list<std::string> words) {
    expect_error(ErrorCode::kInvalidArgument, words, [&] { article_key(request); });
  };
  refuses({"a\xFF", "", kConfig}, {"prompt", "byte 1"});
  refuses({"a", "\xFF", kConfig}, {"negative prompt", "byte 0"});
  refuses({"a", "", ""}, {"the config", "byte 0"});
  refuses({"a", "", "7"}, {"the config", "object"});
  refuses({"a", "", R"({"steps": 8, "cfg_scale": 7, "resolution": ""})"}, {"model_version"});
  for (const std::string json : {R"({"prompt":"\udc31","config":{}})", R"({"prompt":"\ud83d \udc31","config":{}})"}) {
    expect_error(ErrorCode::kInvalidArgument, {"'prompt'", "surrogate"}, [&] { article_key(json); });
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(python_numbers)

BOOST_AUTO_TEST_CASE(floats_are_printed_as_python_prints_them) {
  const std::pair<const char*, const char*> cases[] = {
      {"7.0", "7.0"},
      {"7.50", "7.5"},
      {"1e0", "1.0"},
      {"0.1", "0.1"},
      {"0.0001", "0.0001"},
      {"0.00001", "1e-05"},
      {"0.000012345", "1.2345e-05"},
      {"1e15", "1000000000000000.0"},
      {"1e16", "1e+16"},
      {"123456789012345680.0", "1.2345678901234568e+17"},
      {"9007199254740993.0", "9007199254740992.0"},
      {"1e22", "1e+22"},
      {"1e23", "1e+23"},
      {"1e100", "1e+100"},
      {"5e-324", "5e-324"},
      {"2.2250738585072014e-308", "2.2250738585072014e-308"},
      {"1.7976931348623157e308", "1.7976931348623157e+308"},
      {"1.8e308", "Infinity"},
      {"-1e999", "-Infinity"},
      {"0.001e400", "Infinity"},
      {"1e-400", "0.0"},
      {"-1e-400", "-0.0"},
      {"0e999999999999999999999", "0.0"},
      {"1e999999999999999999999", "Infinity"},
      {"1e-999999999999999999999", "0.0"},
      {"-0.0", "-0.0"},
      {"123.456", "123.456"},
      {"-123456.0", "-123456.0"},
      {"0.3333333333333333", "0.3333333333333333"},
  };
  for (const auto& [typed, printed] : cases) BOOST_TEST(python_float(typed) == printed, typed);
}

BOOST_AUTO_TEST_CASE(json_is_written_as_python_writes_it) {
  BOOST_TEST(rewritten(R"( {"b" : [1,2.50 , "é/\u007f\b"],"a":{ }, "b":[ ] , "":null} )") ==
             R"({"": null, "a": {}, "b": []})");
  BOOST_TEST(rewritten(R"(["é/\u007f\b\u0001🐱\ud83d\udc31\uDC31\ud83d\u0041"])") ==
             R"(["\u00e9/\u007f\b\u0001\ud83d\udc31\ud83d\udc31\udc31\ud83dA"])");
  BOOST_TEST(rewritten("[NaN,Infinity,-Infinity,-0,true,false,null]") ==
             "[NaN, Infinity, -Infinity, 0, true, false, null]");
  // By code points, not by UTF-16.
  BOOST_TEST(rewritten(R"({"\ud83d\udc31":1,"\uffff":2})") == R"({"\uffff": 2, "\ud83d\udc31": 1})");
}

BOOST_AUTO_TEST_CASE(what_python_refuses_is_refused) {
  for (const char* json : {"",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{\"a\"}",
                           "{1:2}",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "--1",
                           "nan",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\t\"",
                           "1 2",
                           "tru",
                           "\xFF",
                           "\"\\ud83d\\uzzzz\"",
                           "[\"\\"}) {
    refuses_json(json, "expected");
  }
  refuses_json(std::string(4301, '1'), "4300 digits");
  refuses_json(std::string(100'000, '['), "500 levels");
  BOOST_TEST(rewritten("-" + std::string(4300, '1')).size() == 4301u);
  BOOST_TEST(rewritten(std::string(500, '[') + std::string(500, ']')).size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
