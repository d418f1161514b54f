#include "key/canonical_request.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "zimg/error.hpp"

using zimg::Request;
using zimg::key::canonicalize;
using zimg::key::ModelFacts;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Request with(const std::function<void(Request&)>& change) {
  Request request;
  request.prompt = "a cat";
  change(request);
  return request;
}

// Refused with a sentence that names `field` and says what is expected.
void refuses(const std::function<void(Request&)>& change, const std::string& field, const std::string& found,
             const ModelFacts& model = {}) {
  try {
    canonicalize(with(change), model);
    BOOST_ERROR("not refused: " << field << " " << found);
  } catch (const zimg::Error& error) {
    const std::string sentence = error.what();
    BOOST_TEST((error.code() == zimg::ErrorCode::kInvalidArgument));
    BOOST_TEST(sentence.find(field) != std::string::npos, sentence);
    BOOST_TEST(sentence.find(found) != std::string::npos, sentence);
    BOOST_TEST(sentence.find("expected") != std::string::npos, sentence);
  }
}

bool has_note(const zimg::key::CanonicalRequest& canonical, const std::string& start) {
  for (const auto& phrase : canonical.folded) {
    if (phrase.rfind(start, 0) == 0) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(canonical_request)

BOOST_AUTO_TEST_CASE(absent_numbers_take_the_model_s_defaults) {
  ModelFacts model;
  model.default_width = 256;
  model.default_height = 512;
  model.default_steps = 4;
  model.default_guidance = 2.5;
  const auto canonical = canonicalize(with([](Request&) {}), model);
  BOOST_TEST(canonical.order.width == 256u);
  BOOST_TEST(canonical.order.height == 512u);
  BOOST_TEST(canonical.steps == 4u);
  BOOST_TEST(canonical.order.sigmas.size() == 4u);
  BOOST_TEST(canonical.order.guidance == 2.5F);
  BOOST_TEST(canonical.order.seed == 42u);
  BOOST_TEST(canonical.name_space == "default");
  BOOST_TEST(canonical.folded.empty());
}

BOOST_AUTO_TEST_CASE(wrong_texts_are_refused) {
  refuses([](Request& r) { r.prompt = "ab\xFFz"; }, "the prompt", "at byte 2");
  refuses([](Request& r) { r.prompt = "\xED\xA0\x80"; }, "the prompt", "at byte 0");
  refuses([](Request& r) { r.prompt = "caf\xC3"; }, "the prompt", "at byte 3");
  refuses([](Request& r) { r.negative_prompt = "\xC0\x80"; }, "the negative prompt", "at byte 0");
  refuses([](Request& r) { r.prompt.assign((1u << 20) + 1, 'x'); }, "the prompt", "1048577 bytes");
  refuses([](Request& r) { r.negative_prompt.assign((1u << 20) + 1, 'x'); }, "the negative prompt", "1048577 bytes");
  // 350,000 times U+FB2C, which NFC writes in six bytes instead of three.
  refuses(
      [](Request& r) {
        r.prompt.clear();
        for (int i = 0; i < 300'000; ++i) r.prompt += "\uFB2C";
      },
      "the prompt", "once composed");
}

BOOST_AUTO_TEST_CASE(odd_texts_are_accepted) {
  BOOST_TEST(canonicalize(with([](Request& r) { r.prompt = ""; }), {}).order.prompt == "");
  BOOST_TEST(canonicalize(with([](Request& r) { r.prompt = " \n\t "; }), {}).order.prompt == "");
  BOOST_TEST(canonicalize(with([](Request& r) { r.prompt.assign(1u << 20, 'x'); }), {}).order.prompt.size() ==
             1u << 20);
}

BOOST_AUTO_TEST_CASE(a_nul_is_refused) {
  for (const auto level : {zimg::MatchLevel::kExact, zimg::MatchLevel::kNormalized, zimg::MatchLevel::kLoose}) {
    refuses(
        [&](Request& r) {
          r.match = level;
          r.prompt.assign("a\0b", 3);
        },
        "the prompt", "NUL at byte 1");
  }
  refuses([](Request& r) { r.negative_prompt.assign(1, '\0'); }, "the negative prompt", "NUL at byte 0");
}

BOOST_AUTO_TEST_CASE(wrong_sizes_are_refused) {
  refuses([](Request& r) { r.width = 0; }, "the width", "0 pixels");
  refuses([](Request& r) { r.height = 0; }, "the height", "0 pixels");
  refuses([](Request& r) { r.width = 1000; }, "the width", "1000 pixels");
  refuses([](Request& r) { r.height = 8; }, "the height", "8 pixels");
  refuses([](Request& r) { r.width = 100000; }, "the width", "from 16 to 8192");
  refuses([](Request& r) { r.width = 0xFFFFFFF0u; }, "the width", "4294967280 pixels");
  BOOST_TEST(canonicalize(with([](Request& r) { r.width = 16; }), {}).order.width == 16u);
  BOOST_TEST(canonicalize(with([](Request& r) { r.width = 8192; }), {}).order.width == 8192u);
}

BOOST_AUTO_TEST_CASE(sides_that_are_too_large_together_are_refused) {
  ModelFacts model;
  model.max_side = 16384;
  const auto of_size = [](std::uint32_t width, std::uint32_t height) {
    return [=](Request& r) {
      r.width = width;
      r.height = height;
    };
  };
  refuses(of_size(16384, 4112), "the size", "16384x4112, 67371008 pixels; at most 67108864", model);
  refuses(of_size(16384, 16384), "the size", "268435456 pixels", model);
  BOOST_TEST(canonicalize(with(of_size(16384, 4096)), model).order.width == 16384u);
  Request loose = with(of_size(16384, 4112));
  loose.match = zimg::MatchLevel::kLoose;
  BOOST_TEST(canonicalize(loose, model).order.height == 4096u);  // what counts is what would be drawn
}

BOOST_AUTO_TEST_CASE(tiles_that_the_model_cannot_have_are_refused) {
  ModelFacts model;
  model.tiling_problem = "the 'sample_size' is 40; a multiple of 32 is expected";
  refuses([](Request& r) { r.vae_tiling = true; }, "VAE tiling", model.tiling_problem, model);
  BOOST_TEST(!canonicalize(with([](Request&) {}), model).order.vae_tiling);
  BOOST_TEST(canonicalize(with([](Request& r) { r.vae_tiling = true; }), {}).order.vae_tiling);
}

BOOST_AUTO_TEST_CASE(loosely_a_size_goes_down_to_the_grid) {
  const auto loose = [](std::uint32_t width, std::uint32_t height) {
    return canonicalize(with([&](Request& r) {
                          r.match = zimg::MatchLevel::kLoose;
                          r.width = width;
                          r.height = height;
                        }),
                        {});
  };
  const auto folded = loose(1000, 530);
  BOOST_TEST(folded.order.width == 960u);
  BOOST_TEST(folded.order.height == 512u);
  BOOST_TEST(has_note(folded, "size: 1000x530 brought down to 960x512"));
  BOOST_TEST(!has_note(loose(1024, 768), "size"));
  const auto refuses_loosely = [](std::uint32_t side, const std::string& found) {
    refuses(
        [&](Request& r) {
          r.match = zimg::MatchLevel::kLoose;
          r.width = side;
        },
        "the width", found);
  };
  refuses_loosely(0, "0 pixels");
  refuses_loosely(30, "30 pixels");  // 16 would be half of it
  refuses_loosely(100000, "pixels");
  refuses_loosely(0xFFFFFFFFu, "pixels");
}

BOOST_AUTO_TEST_CASE(a_default_size_off_the_grid_goes_down_too) {
  ModelFacts model;
  model.default_width = 720;
  const auto canonical = canonicalize(with([](Request& r) { r.match = zimg::MatchLevel::kLoose; }), model);
  BOOST_TEST(canonical.order.width == 704u);
}

BOOST_AUTO_TEST_CASE(wrong_numbers_are_refused) {
  refuses([](Request& r) { r.steps = 0; }, "steps", "is 0");
  refuses([](Request& r) { r.steps = 1001; }, "steps", "is 1001");
  refuses([](Request& r) { r.guidance = kNan; }, "the guidance", "nan");
  refuses([](Request& r) { r.guidance = kInfinity; }, "the guidance", "inf");
  refuses([](Request& r) { r.guidance = -0.5; }, "the guidance", "is -0.5");
  refuses([](Request& r) { r.guidance = 100.5; }, "the guidance", "is 100.5");
  refuses([](Request& r) { r.guidance_normalization = kNan; }, "guidance normalization", "nan");
  refuses([](Request& r) { r.guidance_normalization = -1; }, "guidance normalization", "is -1");
  refuses([](Request& r) { r.guidance_truncation = kNan; }, "guidance truncation", "nan");
  refuses([](Request& r) { r.guidance_truncation = 1.5; }, "guidance truncation", "is 1.5");
}

BOOST_AUTO_TEST_CASE(wrong_choices_are_refused) {
  refuses([](Request& r) { r.match = static_cast<zimg::MatchLevel>(9); }, "match level", "is 9");
  refuses([](Request& r) { r.schedule = static_cast<zimg::Schedule>(9); }, "schedule", "is 9");
  refuses([](Request& r) { r.format = static_cast<zimg::ImageFormat>(0); }, "image format", "is 0");
  for (const int quality : {0, -1, 101}) {
    refuses(
        [&](Request& r) {
          r.format = zimg::ImageFormat::kJpeg;
          r.jpeg_quality = quality;
        },
        "JPEG quality", "is " + std::to_string(quality));
  }
}

BOOST_AUTO_TEST_CASE(wrong_namespaces_are_refused) {
  refuses([](Request& r) { r.name_space = ""; }, "namespace", "empty");
  refuses([](Request& r) { r.name_space.assign(65, 'a'); }, "namespace", "65 bytes");
  for (const char* name : {"a b", "a/b", "a\nb", "名", "a|b", "a*"}) {
    refuses([&](Request& r) { r.name_space = name; }, "namespace", "unexpected character");
  }
  const std::string all = "AZaz09._@:-";
  BOOST_TEST(canonicalize(with([&](Request& r) { r.name_space = all; }), {}).name_space == all);
  BOOST_TEST(canonicalize(with([](Request& r) { r.name_space.assign(64, 'a'); }), {}).name_space.size() == 64u);
}

BOOST_AUTO_TEST_CASE(a_negative_prompt_lives_only_with_guidance) {
  const auto off = canonicalize(with([](Request& r) {
                                  r.negative_prompt = "blurry";
                                  r.guidance = 0;
                                  r.guidance_normalization = 1;
                                  r.guidance_truncation = 0.5;
                                }),
                                {});
  BOOST_TEST(off.order.negative_prompt == "");
  BOOST_TEST(off.order.guidance_normalization == 0.0F);
  BOOST_TEST(off.order.guidance_truncation == 1.0F);
  BOOST_TEST(has_note(off, "negative prompt: left out"));
  const auto on = canonicalize(with([](Request& r) {
                                 r.negative_prompt = " blurry ";
                                 r.guidance = 4;
                                 r.guidance_normalization = 1;
                                 r.guidance_truncation = 0.5;
                               }),
                               {});
  BOOST_TEST(on.order.negative_prompt == "blurry");
  BOOST_TEST(on.order.guidance_normalization == 1.0F);
  BOOST_TEST(on.order.guidance_truncation == 0.5F);
  BOOST_TEST(has_note(on, "negative prompt: blanks"));
}

BOOST_AUTO_TEST_CASE(truncation_is_the_float_below_what_is_asked_for) {
  for (const double asked : {0.1, 0.3, 0.6, 0.9, 0.5}) {
    const float truncation = canonicalize(with([&](Request& r) {
                                            r.guidance = 4;
                                            r.guidance_truncation = asked;
                                          }),
                                          {})
                                 .order.guidance_truncation;
    BOOST_TEST(static_cast<double>(truncation) <= asked);
    BOOST_TEST(static_cast<double>(std::nextafter(truncation, 2.0F)) > asked);
  }
}

BOOST_AUTO_TEST_CASE(minus_zero_and_less_than_a_float_are_off) {
  for (const double guidance : {-0.0, 1e-60}) {
    const auto canonical = canonicalize(with([&](Request& r) { r.guidance = guidance; }), {});
    BOOST_TEST(canonical.order.guidance == 0.0F);
    BOOST_TEST(!std::signbit(canonical.order.guidance));
  }
}

BOOST_AUTO_TEST_CASE(a_seed_keeps_its_low_32_bits) {
  const auto canonical = canonicalize(with([](Request& r) { r.seed = 0x1'0000'002Au; }), {});
  BOOST_TEST(canonical.order.seed == 42u);
  BOOST_TEST(has_note(canonical, "seed"));
  BOOST_TEST(!has_note(canonicalize(with([](Request& r) { r.seed = 0xFFFFFFFFu; }), {}), "seed"));
}

BOOST_AUTO_TEST_CASE(phrases_never_hold_the_prompt) {
  const auto canonical = canonicalize(with([](Request& r) { r.prompt = "  ｓecret，\u200B  Ｗord  "; }), {});
  BOOST_TEST(canonical.folded.size() >= 4u);
  for (const auto& phrase : canonical.folded) {
    BOOST_TEST(phrase.find("ecret") == std::string::npos);
    BOOST_TEST(phrase.rfind("prompt: ", 0) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(the_canonical_form_is_its_own) {
  const auto once = canonicalize(with([](Request& r) {
                                   r.prompt = "  一只猫,  坐着\r\n\r\na sign \"A  B\" ";
                                   r.guidance = 1.5;
                                   r.negative_prompt = " b ";
                                 }),
                                 {});
  const auto twice = canonicalize(with([&](Request& r) {
                                    r.prompt = once.order.prompt;
                                    r.guidance = once.order.guidance;
                                    r.negative_prompt = once.order.negative_prompt;
                                  }),
                                  {});
  BOOST_TEST(twice.order.prompt == once.order.prompt);
  BOOST_TEST(twice.order.negative_prompt == once.order.negative_prompt);
  BOOST_TEST(twice.folded.empty());
}

BOOST_AUTO_TEST_SUITE_END()
