#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/sha256.hpp"
#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  static Request jpeg_request(int quality = 90) {
    Request request = small_request("a red circle");
    request.format = ImageFormat::kJpeg;
    request.jpeg_quality = quality;
    return request;
  }
  static Request spliced_request(ImageFormat format) {
    Request request = small_request("a red circle");
    request.format = format;
    request.splice_parameters = true;
    return request;
  }
};

std::string sha256_of(const Bytes& bytes) {
  return base::hex_of(base::sha256(bytes.data(), bytes.size()));
}

std::string text_named(const Bytes& picture, const std::string& keyword) {
  for (const auto& [key, text] : read_picture_facts(picture).texts) {
    if (key == keyword) return text;
  }
  return "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(delivery, Fixture)

BOOST_AUTO_TEST_CASE(a_hit_tells_the_time_of_splicing) {
  Generator generator(options(), cache);
  generator.generate(small_request("a red circle"));
  generator.drain();
  const Result plain = generator.generate(small_request("a red circle"));
  const Result spliced = generator.generate(spliced_request(ImageFormat::kPng));
  BOOST_TEST((plain.report.is_hit() && spliced.report.is_hit()));
  BOOST_TEST(plain.report.times_ms.encode_image == 0);
  BOOST_TEST(spliced.report.times_ms.encode_image > 0);
}

// Two folders with the same files have the same keys, whatever they are called.
BOOST_AUTO_TEST_CASE(a_hit_has_the_octets_of_the_askers_own_drawing_where_another_folder_drew_it) {
  const zimg_test::TemporaryFolder folder;
  std::filesystem::copy(zimg_test::kModel, folder.path("another"), std::filesystem::copy_options::recursive);
  std::ofstream(folder.path("another/zimg.json")) << R"({"name":"another","guidance":0})";
  GeneratorOptions of_another = options();
  of_another.model = folder.path("another");
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    for (const Kept kept : {Kept::kLossless, Kept::kDelivered}) {
      cache = make_memory_cache(64u << 20);
      of_another.kept = kept;
      Generator another(of_another, cache);
      BOOST_REQUIRE_NE(another.model_name(), Generator(options(), cache).model_name());
      another.generate(spliced_request(format));
      another.drain();
      GeneratorOptions own = options();
      own.kept = kept;
      const Result drawn = Generator(own, nullptr).generate(spliced_request(format));
      for (int i = 0; i < 2; ++i) {  // converted, then found as it was kept
        Generator generator(own, cache);
        const Result hit = generator.generate(spliced_request(format));
        generator.drain();
        BOOST_TEST(hit.report.is_hit());
        BOOST_TEST(hit.report.key.hex() == drawn.report.key.hex());
        BOOST_TEST(hit.report.model == drawn.report.model);
        BOOST_TEST((*hit.bytes == *drawn.bytes));
      }
      BOOST_TEST(cache->peek(drawn.report.key).has_value() == (kept == Kept::kLossless || format == ImageFormat::kPng));
      cache->list([&](const CacheKey&, const EntryInfo& info, std::uint64_t) {
        BOOST_TEST(info.model == another.model_name());
        return true;
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(a_kept_png_is_converted_without_drawing_and_the_conversion_is_kept) {
  Generator generator(options(), cache);
  generator.generate(small_request("a red circle"));
  generator.drain();
  const Result converted = generator.generate(jpeg_request());
  generator.drain();
  BOOST_TEST(converted.report.is_hit());
  BOOST_TEST(converted.report.converted);
  BOOST_TEST((converted.format == ImageFormat::kJpeg));
  BOOST_TEST((read_picture_facts(*converted.bytes).format == ImageFormat::kJpeg));
  const Result derived = generator.generate(jpeg_request());
  BOOST_TEST(derived.report.is_hit());
  BOOST_TEST(!derived.report.converted);
  BOOST_TEST((*derived.bytes == *converted.bytes));
  BOOST_TEST(derived.report.payload_sha256 == converted.report.payload_sha256);
  BOOST_TEST(derived.report.key.hex() == converted.report.key.hex());  // the picture key, whatever the format
  BOOST_TEST(pipeline->drawings() == 1u);
  BOOST_TEST(cache->stats().entries == 2u);
}

BOOST_AUTO_TEST_CASE(a_drawn_jpeg_leaves_the_png_behind) {
  Generator generator(options(), cache);
  const Result drawn = generator.generate(jpeg_request());
  generator.drain();
  const Result hit = generator.generate(jpeg_request());
  BOOST_TEST(outcome_name(drawn.report.outcome) == "drawn");
  BOOST_TEST(!drawn.report.converted);
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST((*hit.bytes == *drawn.bytes));
  BOOST_TEST(generator.generate(small_request("a red circle")).report.is_hit());
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(another_quality_is_another_conversion) {
  Generator generator(options(), cache);
  const Result fine = generator.generate(jpeg_request(95));
  generator.drain();
  const Result coarse = generator.generate(jpeg_request(10));
  BOOST_TEST(coarse.report.converted);
  BOOST_TEST(coarse.bytes->size() < fine.bytes->size());
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(parameters_are_the_same_on_a_hit_a_miss_and_for_who_joined) {
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    cache = make_memory_cache(64u << 20);
    Gate gate;
    hold_drawings(gate);
    Generator generator(options(), cache);
    auto leader = ask(generator, spliced_request(format));
    BOOST_TEST(leader->aboard->pass());
    auto joins = ask(generator, spliced_request(format));
    BOOST_TEST(joins->aboard->pass());
    gate.open();
    const Result drawn = leader->result.get();
    const Result joined = joins->result.get();
    generator.drain();
    const Result hit = generator.generate(spliced_request(format));
    BOOST_TEST(outcome_name(joined.report.outcome) == "joined");
    BOOST_TEST(hit.report.is_hit());
    BOOST_TEST((*joined.bytes == *drawn.bytes));
    BOOST_TEST((*hit.bytes == *drawn.bytes));
    BOOST_TEST(text_named(*drawn.bytes, "parameters").find("a red circle") == 0u);
    BOOST_TEST(text_named(*drawn.bytes, "zimg").find("\"seed\":42") != std::string::npos);
    pipeline->before = nullptr;
  }
}

BOOST_AUTO_TEST_CASE(what_is_stored_holds_no_parameters_and_its_digest_is_reported) {
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    cache = make_memory_cache(64u << 20);
    Generator generator(options(), cache);
    const Result spliced = generator.generate(spliced_request(format));
    generator.drain();
    Request plain = spliced_request(format);
    plain.splice_parameters = false;
    const Result stored = generator.generate(plain);
    const Result again = generator.generate(spliced_request(format));
    BOOST_TEST(stored.report.is_hit());
    BOOST_TEST(read_picture_facts(*stored.bytes).texts.empty());
    BOOST_TEST(sha256_of(*stored.bytes) == stored.report.payload_sha256);
    BOOST_TEST(spliced.report.payload_sha256 == stored.report.payload_sha256);
    BOOST_TEST(again.report.payload_sha256 == stored.report.payload_sha256);
    BOOST_TEST(sha256_of(*spliced.bytes) != stored.report.payload_sha256);
  }
}

// Requests that share a picture differ in dead fields, in spelling, and in where the model lies.
BOOST_AUTO_TEST_CASE(parameters_depend_on_live_fields_alone) {
  zimg_test::TemporaryFolder folder;
  const std::string elsewhere = folder.path(std::filesystem::path(zimg_test::kModel).filename());
  std::filesystem::copy(zimg_test::kModel, elsewhere, std::filesystem::copy_options::recursive);
  Generator generator(options(), cache);
  GeneratorOptions moved = options();
  moved.model = elsewhere;
  Generator other(moved, nullptr);
  Request respelt = spliced_request(ImageFormat::kPng);
  respelt.prompt = " a  red circle\t";
  respelt.negative_prompt = "dead";
  respelt.match = MatchLevel::kNormalized;
  respelt.guidance_normalization = 2;
  respelt.seed = 42 + (std::uint64_t{1} << 32);
  const Result one = generator.generate(spliced_request(ImageFormat::kPng));
  const Result two = other.generate(respelt);
  BOOST_TEST(one.report.key.hex() == two.report.key.hex());
  BOOST_TEST((*one.bytes == *two.bytes));
}

BOOST_AUTO_TEST_CASE(parameters_tell_what_was_live) {
  Generator generator(options(), cache);
  Request request = spliced_request(ImageFormat::kPng);
  request.guidance = 4;
  request.negative_prompt = "blur";
  request.schedule = Schedule::kLegacyZeroEnd;
  const Result result = generator.generate(request);
  const std::string text = text_named(*result.bytes, "parameters");
  for (const char* words :
       {"Negative prompt: blur", "CFG scale: 5", "Steps: 3", "Size: 64x32", "Schedule type: legacy-zero-end,"}) {
    BOOST_TEST(text.find(words) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(parameters_name_the_schedule_as_the_program_does) {
  Generator generator(options(), cache);
  Request request = spliced_request(ImageFormat::kPng);
  const auto named = [&](Schedule schedule, std::uint32_t steps) {
    request.schedule = schedule;
    request.steps = steps;
    const std::string text = text_named(*generator.generate(request).bytes, "parameters");
    const std::string before = "Schedule type: ";
    const std::size_t begin = text.find(before) + before.size();
    return text.substr(begin, text.find(',', begin) - begin);
  };
  BOOST_TEST(named(Schedule::kLinear, 3) == "linear");
  BOOST_TEST(named(Schedule::kNative, 3) == "native");
  BOOST_TEST(named(Schedule::kLegacyZeroEnd, 3) == "legacy-zero-end");
  // The same noise levels under two names are one picture under one key, and one file.
  BOOST_TEST(named(Schedule::kNative, 8) == "linear");
  BOOST_TEST(named(Schedule::kLegacyZeroEnd, 1) == "linear");
}

BOOST_AUTO_TEST_CASE(parameters_name_a_model_whose_folder_is_not_UTF_8) {
  const zimg_test::TemporaryFolder folder;
  GeneratorOptions moved = options();
  moved.model = folder.path("mod\xe8le");
  std::filesystem::copy(zimg_test::kModel, moved.model, std::filesystem::copy_options::recursive);
  std::filesystem::remove(moved.model + "/zimg.json");
  Generator generator(moved, cache);
  const Result drawn = generator.generate(spliced_request(ImageFormat::kPng));
  generator.drain();
  const Result hit = generator.generate(spliced_request(ImageFormat::kPng));
  BOOST_TEST(hit.report.is_hit());
  BOOST_TEST((*hit.bytes == *drawn.bytes));
  BOOST_TEST(text_named(*hit.bytes, "parameters").ends_with("Model: mod\uFFFDle"));
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_model_whose_name_is_no_text_is_a_hit) {
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    const auto odd = std::make_shared<zimg_test::FaultyCache>();
    odd->lie = [](CacheEntry& entry) { entry.info.model = std::string("mod\xe8le\0", 7); };
    Generator generator(options(), odd);
    const Result drawn = generator.generate(spliced_request(format));
    generator.drain();
    const Result hit = generator.generate(spliced_request(format));
    BOOST_TEST(hit.report.is_hit());
    BOOST_TEST((*hit.bytes == *drawn.bytes));
    BOOST_TEST(odd->erasures == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_memory_cache_shares_its_bytes) {
  Generator generator(options(), cache);
  generator.generate(small_request("a red circle"));
  generator.drain();
  const Result one = generator.generate(small_request("a red circle"));
  const Result two = generator.generate(small_request("a red circle"));
  BOOST_TEST(one.bytes.get() == two.bytes.get());
}

BOOST_AUTO_TEST_SUITE_END()
