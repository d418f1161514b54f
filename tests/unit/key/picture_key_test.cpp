#include "key/picture_key.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "key/message_writer.hpp"
#include "zimg/error.hpp"

using zimg::Request;
using zimg::key::canonicalize;
using zimg::key::CanonicalRequest;
using zimg::key::DrawerIdentity;
using zimg::key::ModelFacts;

namespace {

struct Subject {
  Request request;
  ModelFacts model;
  DrawerIdentity drawer;
};

using Change = std::function<void(Subject&)>;

Subject guided() {
  Subject subject;
  subject.request.prompt = "a cat";
  subject.request.negative_prompt = "blurry";
  subject.request.guidance = 4;
  subject.request.guidance_normalization = 0.5;
  subject.request.guidance_truncation = 0.75;
  subject.drawer.engine = "zimg-numerics=1;device=cpu;text=bf16;denoiser=bf16;vae=bf16";
  for (std::size_t i = 0; i < subject.drawer.model.size(); ++i) subject.drawer.model[i] = static_cast<std::uint8_t>(i);
  return subject;
}

Subject unguided() {
  Subject subject = guided();
  subject.request.guidance = 0;
  return subject;
}

std::string key_of(const Subject& subject) {
  return zimg::key::picture_key(canonicalize(subject.request, subject.model), subject.drawer).hex();
}

std::string key_of(Subject subject, const Change& change) {
  change(subject);
  return key_of(subject);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(picture_key)

BOOST_AUTO_TEST_CASE(every_live_field_moves_the_key) {
  const std::vector<Change> changes = {
      [](Subject& s) { s.request.name_space = "other"; },
      [](Subject& s) { s.drawer.model[31] ^= 1; },
      [](Subject& s) { s.drawer.engine += "0"; },
      [](Subject& s) { s.request.prompt = "a dog"; },
      [](Subject& s) { s.request.prompt = "A cat"; },
      [](Subject& s) { s.request.prompt = ""; },
      [](Subject& s) { s.request.negative_prompt = "dull"; },
      [](Subject& s) { s.request.negative_prompt = ""; },
      [](Subject& s) { s.request.width = 512; },
      [](Subject& s) { s.request.height = 512; },
      [](Subject& s) { s.request.steps = 9; },
      [](Subject& s) { s.request.schedule = zimg::Schedule::kLegacyZeroEnd; },
      [](Subject& s) { s.model.shift = 6; },
      [](Subject& s) { s.request.guidance = std::nextafter(4.0F, 5.0F); },
      [](Subject& s) { s.request.guidance = 0; },
      [](Subject& s) { s.request.guidance_normalization = 0.25; },
      [](Subject& s) { s.request.guidance_normalization = 0; },
      [](Subject& s) { s.request.guidance_truncation = 0.5; },
      [](Subject& s) { s.request.guidance_truncation = 1; },
      [](Subject& s) { s.request.seed = 43; },
      [](Subject& s) { s.request.vae_tiling = true; },
  };
  std::set<std::string> keys = {key_of(guided())};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BOOST_TEST(keys.insert(key_of(guided(), changes[i])).second, "change " << i << " does not move the key");
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_reach_the_pixels_does_not_move_the_key) {
  const std::vector<Change> changes = {
      [](Subject& s) { s.request.prompt = "  a \u200B cat "; },
      [](Subject& s) { s.request.match = zimg::MatchLevel::kExact; },
      [](Subject& s) { s.request.negative_prompt = " blurry"; },
      [](Subject& s) { s.request.width = 1024; },
      [](Subject& s) { s.request.steps = 8; },
      [](Subject& s) { s.request.schedule = zimg::Schedule::kNative; },  // its eight steps are the same eight
      [](Subject& s) { s.request.seed = 42 + (std::uint64_t{7} << 32); },
      [](Subject& s) { s.request.random_seed = true; },
      [](Subject& s) { s.request.match = zimg::MatchLevel::kLoose; },
      [](Subject& s) { s.request.format = zimg::ImageFormat::kJpeg; },
      [](Subject& s) { s.request.jpeg_quality = 10; },
      [](Subject& s) { s.request.splice_parameters = true; },
      [](Subject& s) { s.request.mode = zimg::CacheMode::kBypass; },
      [](Subject& s) { s.request.preview = true; },
      [](Subject& s) { s.model.default_width = 512, s.request.width = 1024; },
      [](Subject& s) { s.model.max_side = 2048; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BOOST_TEST(key_of(guided(), changes[i]) == key_of(guided()), "change " << i << " moves the key");
  }
}

BOOST_AUTO_TEST_CASE(without_guidance_what_steers_it_is_dead) {
  const std::vector<Change> dead = {
      [](Subject& s) { s.request.negative_prompt = "dull"; },
      [](Subject& s) { s.request.negative_prompt = ""; },
      [](Subject& s) { s.request.guidance_normalization = 0.25; },
      [](Subject& s) { s.request.guidance_truncation = 0.5; },
      [](Subject& s) { s.request.guidance = -0.0; },
      [](Subject& s) { s.request.guidance.reset(); },  // the model's own is 0
      [](Subject& s) { s.request.guidance = 1e-60; },  // 0 in float32
  };
  for (std::size_t i = 0; i < dead.size(); ++i) {
    BOOST_TEST(key_of(unguided(), dead[i]) == key_of(unguided()), "change " << i << " moves the key");
  }
}

// Keys made by joining texts with separators give one key to two requests; these lengths are framed.
BOOST_AUTO_TEST_CASE(no_text_can_pass_for_two) {
  const auto key = [](const std::string& prompt, const std::string& negative) {
    return key_of(guided(), [&](Subject& s) {
      s.request.prompt = prompt;
      s.request.negative_prompt = negative;
      s.request.match = zimg::MatchLevel::kExact;
    });
  };
  const std::string control(1, '\x01');
  const std::set<std::string> keys = {key("a||b", "c"),
                                      key("a", "b||c"),
                                      key("a||b||c", ""),
                                      key("", "a||b||c"),
                                      key("ab", "c"),
                                      key("a", "bc"),
                                      key("a" + control, "bc"),
                                      key("a", control + "bc"),
                                      key("a" + control + "b", "c"),
                                      key("a\x05\x02", "c"),
                                      key("a",
                                          "\x05\x02"
                                          "c")};
  BOOST_TEST(keys.size() == 11u);
}

BOOST_AUTO_TEST_CASE(the_key_is_the_digest_of_the_message) {
  const auto subject = guided();
  const auto canonical = canonicalize(subject.request, subject.model);
  const auto message = zimg::key::key_message(canonical, subject.drawer);
  BOOST_TEST(zimg::base::hex_of(zimg::base::sha256(message.data(), message.size())) == key_of(subject));
}

// Known answers: made once and never to change, or every stored picture becomes unfindable.
BOOST_AUTO_TEST_CASE(keeps_its_octets) {
  auto subject = unguided();
  subject.request.width = 256;
  subject.request.height = 272;
  subject.request.steps = 2;
  const auto message = zimg::key::key_message(canonicalize(subject.request, subject.model), subject.drawer);
  const std::string expected =
      "7a696d672d6b6579"
      "0001"
      "0001"
      "02"
      "00000007"
      "64656661756c74"
      "0002"
      "01"
      "00000020"
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      "0003"
      "02"
      "0000003b"
      "7a696d672d6e756d65726963733d313b6465766963653d6370753b746578743d626631363b"
      "64656e6f697365723d626631363b7661653d62663136"
      "0004"
      "02"
      "00000005"
      "6120636174"
      "0006"
      "03"
      "00000004"
      "00000100"
      "0007"
      "03"
      "00000004"
      "00000110"
      "0008"
      "05"
      "00000008"
      "3f8000003f400000"
      "000c"
      "03"
      "00000004"
      "0000002a"
      "000d"
      "02"
      "00000009"
      "746f7263682d637075"
      "000e"
      "06"
      "00000001"
      "00";
  BOOST_TEST(zimg::base::to_hex(message.data(), message.size()) == expected);
  BOOST_TEST(key_of(subject) == "368b40f617a2db83cc2ccdec309148a8e82ee930c1cc39ea68314779a2d70957");
  BOOST_TEST(key_of(guided()) == "9e621cf199112a648eae794d06ed2ffcbf457a0bb429b4716d10f9e00512dfc8");
}

// RFC 4231, test case 2: OpenSSL is asked for the right thing.
BOOST_AUTO_TEST_CASE(hmac_sha256_is_that_of_the_standard) {
  const std::string secret = "Jefe", text = "what do ya want for nothing?";
  const auto digest = zimg::base::hmac_sha256(secret.data(), secret.size(), text.data(), text.size());
  BOOST_TEST(zimg::base::hex_of(digest) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_CASE(a_secret_makes_another_key_of_the_same_message) {
  const auto subject = guided();
  const auto canonical = canonicalize(subject.request, subject.model);
  const auto message = zimg::key::key_message(canonical, subject.drawer);
  const auto key = [&](const zimg::Bytes& secret) {
    return zimg::key::picture_key(canonical, subject.drawer, &secret).hex();
  };
  const zimg::Bytes secret = {'s', 0, 0xFF};
  BOOST_TEST(key(secret) ==
             zimg::base::hex_of(zimg::base::hmac_sha256(secret.data(), secret.size(), message.data(), message.size())));
  const std::set<std::string> keys = {key_of(subject), key(secret), key({'s'}), key({'t'})};
  BOOST_TEST(keys.size() == 4u);
}

BOOST_AUTO_TEST_CASE(explains_every_field_live_or_dead) {
  const auto off = unguided();
  const auto fields = zimg::key::explain(canonicalize(off.request, off.model), off.drawer, off.request);
  BOOST_TEST_REQUIRE(fields.size() == 14u);
  for (std::size_t i = 0; i < fields.size(); ++i) BOOST_TEST(fields[i].tag == i + 1);
  BOOST_TEST(fields[3].value == "a cat");
  BOOST_TEST(fields[3].is_live);
  for (const std::size_t dead : {4, 8, 9, 10}) BOOST_TEST(!fields[dead].is_live);
  BOOST_TEST(fields[4].value == "blurry");
  BOOST_TEST(fields[9].value == "0.5");
  BOOST_TEST(fields[10].value == "0.75");
  BOOST_TEST(fields[7].value == "1, 0.95454544, 0.9, 0.8333333, 0.75, 0.64285713, 0.5, 0.3");
  BOOST_TEST(fields[13].value == "off");

  const auto on = guided();
  const auto live = zimg::key::explain(canonicalize(on.request, on.model), on.drawer, on.request);
  BOOST_TEST_REQUIRE(live.size() == 14u);
  for (const auto& field : live) BOOST_TEST(field.is_live, field.name);
}

BOOST_AUTO_TEST_CASE(explains_truncation_as_it_was_asked_for) {
  for (Subject subject : {unguided(), guided()}) {
    subject.request.guidance_truncation = 0.6;
    const auto canonical = canonicalize(subject.request, subject.model);
    BOOST_TEST(zimg::key::explain(canonical, subject.drawer, subject.request)[10].value == "0.6");
  }
}

BOOST_AUTO_TEST_CASE(explains_in_printable_text) {
  auto subject = guided();
  subject.request.match = zimg::MatchLevel::kExact;
  subject.request.prompt = std::string("a\nb\x1B[2J\\\x01", 9);
  const auto fields = zimg::key::explain(canonicalize(subject.request, subject.model), subject.drawer, subject.request);
  BOOST_TEST(fields[3].value == "a\\nb\\x1b[2J\\\\\\x01");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(message_writer)

BOOST_AUTO_TEST_CASE(refuses_what_no_canonical_request_holds) {
  using zimg::key::MessageWriter;
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  BOOST_CHECK_THROW(MessageWriter("m", 1).real(1, kNan), zimg::Error);
  BOOST_CHECK_THROW(MessageWriter("m", 1).reals(1, {1.0F, kInfinity}), zimg::Error);
  BOOST_CHECK_THROW(MessageWriter("m", 1).text(1, "\xFF"), zimg::Error);
  BOOST_CHECK_THROW(MessageWriter("m", 1).number(0, 1), zimg::Error);
  MessageWriter writer("m", 1);
  writer.number(5, 1);
  BOOST_CHECK_THROW(writer.number(5, 1), zimg::Error);
  BOOST_CHECK_THROW(writer.number(4, 1), zimg::Error);
}

BOOST_AUTO_TEST_CASE(minus_zero_is_zero) {
  zimg::key::MessageWriter minus("m", 1), plus("m", 1);
  minus.real(1, -0.0F);
  minus.reals(2, {-0.0F});
  plus.real(1, 0.0F);
  plus.reals(2, {0.0F});
  BOOST_TEST((minus.message() == plus.message()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(entry_key)

BOOST_AUTO_TEST_CASE(a_png_stands_under_the_picture_key) {
  const zimg::CacheKey picture{zimg::CacheKey::Digest{1, 2, 3}};
  BOOST_TEST((zimg::key::entry_key(picture, zimg::ImageFormat::kPng, 90, 7) == picture));
}

BOOST_AUTO_TEST_CASE(a_jpeg_s_key_depends_on_all_that_makes_it) {
  const auto key = [](std::uint8_t first, int quality, std::uint32_t version) {
    const zimg::CacheKey picture{zimg::CacheKey::Digest{first, 2, 3}};
    return zimg::key::entry_key(picture, zimg::ImageFormat::kJpeg, quality, version).hex();
  };
  const std::set<std::string> keys = {key(1, 90, 1), key(2, 90, 1), key(1, 91, 1), key(1, 90, 2)};
  BOOST_TEST(keys.size() == 4u);
  BOOST_TEST(key(1, 90, 1) == "7ba4f2526f65302b198404adac3431ddb49d6bb8704644473103d9917f013890");
}

BOOST_AUTO_TEST_CASE(wrong_formats_and_qualities_are_refused) {
  const zimg::CacheKey picture{zimg::CacheKey::Digest{}};
  BOOST_CHECK_THROW(zimg::key::entry_key(picture, static_cast<zimg::ImageFormat>(9), 90, 1), zimg::Error);
  for (const int quality : {0, -1, 101}) {
    BOOST_CHECK_THROW(zimg::key::entry_key(picture, zimg::ImageFormat::kJpeg, quality, 1), zimg::Error);
  }
}

BOOST_AUTO_TEST_SUITE_END()
