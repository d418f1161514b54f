#include "image/parameters.hpp"

#include <boost/test/unit_test.hpp>

#include "base/float_below.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace image = zimg::image;

namespace {

image::PictureParameters circle() {
  image::PictureParameters parameters;
  parameters.prompt = "a red circle, 红色";
  parameters.width = 256;
  parameters.height = 128;
  parameters.steps = 8;
  parameters.seed = 42;
  parameters.schedule = "linear";
  parameters.model = "Z-Image-Turbo";
  parameters.model_identity = std::string(64, 'a');
  return parameters;
}

std::string text_of(const image::PictureParameters& parameters) {
  return image::parameter_texts(parameters).at(0).second;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(are_written_as_A1111_writes_them) {
  BOOST_TEST(image::parameter_texts(circle()).at(0).first == "parameters");
  BOOST_TEST(text_of(circle()) ==
             "a red circle, 红色\nSteps: 8, Sampler: Euler, Schedule type: linear, CFG scale: 1, Seed: 42, "
             "Size: 256x128, Model hash: aaaaaaaaaa, Model: Z-Image-Turbo");
}

BOOST_AUTO_TEST_CASE(show_the_negative_prompt_and_guidance_when_they_are_live) {
  image::PictureParameters parameters = circle();
  parameters.negative_prompt = "blurry";
  parameters.guidance = 3.3f;
  BOOST_TEST(text_of(parameters).find("\nNegative prompt: blurry\nSteps: 8") != std::string::npos);
  BOOST_TEST(text_of(parameters).find("CFG scale: 4.3,") != std::string::npos);
  const auto json = zimg::base::Json::parse(image::parameter_texts(parameters).at(1).second);
  BOOST_TEST(json.at("negative_prompt").get<std::string>() == "blurry");
  BOOST_TEST(json.at("guidance").get<double>() == 3.3);
}

BOOST_AUTO_TEST_CASE(show_truncation_as_it_was_asked_for) {
  image::PictureParameters parameters = circle();
  parameters.guidance = 4;
  parameters.guidance_truncation = zimg::base::float_below(0.6);
  const auto json = zimg::base::Json::parse(image::parameter_texts(parameters).at(1).second);
  BOOST_TEST(json.at("guidance_truncation").dump() == "0.6");
}

BOOST_AUTO_TEST_CASE(leave_dead_fields_out) {
  image::PictureParameters parameters = circle();
  parameters.guidance_truncation = 0.5f;
  BOOST_TEST((image::parameter_texts(parameters) == image::parameter_texts(circle())));
}

BOOST_AUTO_TEST_CASE(hold_everything_as_JSON) {
  const auto texts = image::parameter_texts(circle());
  BOOST_TEST(texts.at(1).first == "zimg");
  const auto json = zimg::base::Json::parse(texts.at(1).second);
  BOOST_TEST(json.at("prompt").get<std::string>() == "a red circle, 红色");
  BOOST_TEST(json.at("width").get<int>() == 256);
  BOOST_TEST(json.at("height").get<int>() == 128);
  BOOST_TEST(json.at("steps").get<int>() == 8);
  BOOST_TEST(json.at("seed").get<int>() == 42);
  BOOST_TEST(json.at("model_identity").get<std::string>().size() == 64u);
}

BOOST_AUTO_TEST_CASE(quote_what_would_break_the_last_line) {
  image::PictureParameters parameters = circle();
  parameters.model = "one, two: \"three\"";
  BOOST_TEST(text_of(parameters).ends_with(R"(Model: "one, two: \"three\"")"));
}

BOOST_AUTO_TEST_CASE(are_UTF_8_without_NUL_whatever_the_names_hold) {
  image::PictureParameters parameters = circle();
  parameters.model = "mod\xe8le";
  BOOST_TEST(text_of(parameters).ends_with("Model: mod\uFFFDle"));
  const auto json = zimg::base::Json::parse(image::parameter_texts(parameters).at(1).second);
  BOOST_TEST(json.at("model").get<std::string>() == "mod\uFFFDle");
  parameters.model = std::string("a\0b, \xff", 6);
  BOOST_TEST(text_of(parameters).ends_with("Model: \"a\\u0000b, \uFFFD\""));
  parameters.schedule = std::string("\xc0\0", 2);
  for (const auto& [keyword, text] : image::parameter_texts(parameters)) {
    BOOST_TEST((zimg::base::find_invalid_utf8(text) == std::nullopt), keyword);
    BOOST_TEST(text.find('\0') == std::string::npos, keyword);
  }
}

BOOST_AUTO_TEST_CASE(of_an_empty_prompt_begin_with_the_steps) {
  image::PictureParameters parameters = circle();
  parameters.prompt.clear();
  BOOST_TEST(text_of(parameters).starts_with("Steps: 8"));
}

BOOST_AUTO_TEST_SUITE_END()
