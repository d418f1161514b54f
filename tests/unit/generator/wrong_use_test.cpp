#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <new>

#include "model_fixture.hpp"
#include "unit/generator/faulty_cache.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::FaultyCache;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;
namespace fs = std::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  zimg_test::TemporaryFolder folder;
  std::string model = folder.path("model");

  GeneratorOptions options_of_copy() {
    fs::copy(zimg_test::kModel, model, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    GeneratorOptions copied = options();
    copied.model = model;
    return copied;
  }

  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
};

struct Wrong {
  const char* words;  // in the sentence
  std::function<void(Request&)> make;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(wrong_use, Fixture)

BOOST_AUTO_TEST_CASE(a_wrong_request_is_refused_before_any_work) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Wrong> wrong = {
      {"not UTF-8", [](Request& r) { r.prompt = "a \xff"; }},
      {"not UTF-8", [](Request& r) { r.prompt = "cut \xe4\xb8"; }},
      {"not UTF-8", [](Request& r) { r.negative_prompt = "\xc0\x80"; }},
      {"1 MiB", [](Request& r) { r.prompt.assign((1u << 20) + 1, 'a'); }},
      {"1 MiB", [](Request& r) { r.negative_prompt.assign((1u << 20) + 1, 'a'); }},
      {"width is 0", [](Request& r) { r.width = 0; }},
      {"width is 100", [](Request& r) { r.width = 100; }},
      {"height is 100000", [](Request& r) { r.height = 100000; }},
      {"height is 4294967280", [](Request& r) { r.height = 4294967280u; }},
      {"steps is 0", [](Request& r) { r.steps = 0; }},
      {"steps is 1001", [](Request& r) { r.steps = 1001; }},
      {"guidance is nan", [nan](Request& r) { r.guidance = nan; }},
      {"guidance is -", [](Request& r) { r.guidance = -1; }},
      {"guidance is inf", [infinity](Request& r) { r.guidance = infinity; }},
      {"guidance normalization", [nan](Request& r) { r.guidance_normalization = nan; }},
      {"guidance truncation", [](Request& r) { r.guidance_truncation = 1.5; }},
      {"namespace is empty", [](Request& r) { r.name_space = ""; }},
      {"namespace", [](Request& r) { r.name_space = "a b"; }},
      {"namespace", [](Request& r) { r.name_space = std::string("a\0b", 3); }},
      {"namespace is 65", [](Request& r) { r.name_space.assign(65, 'a'); }},
      {"quality is 0", [](Request& r) { r.format = ImageFormat::kJpeg, r.jpeg_quality = 0; }},
      {"quality is 101", [](Request& r) { r.format = ImageFormat::kJpeg, r.jpeg_quality = 101; }},
      {"image format is 9", [](Request& r) { r.format = static_cast<ImageFormat>(9); }},
      {"match level is 9", [](Request& r) { r.match = static_cast<MatchLevel>(9); }},
      {"schedule is 9", [](Request& r) { r.schedule = static_cast<Schedule>(9); }},
  };
  auto counting = std::make_shared<FaultyCache>();
  Generator generator(options(), counting);
  for (const Wrong& one : wrong) {
    Request request = small_request("a red circle");
    one.make(request);
    const auto refused = is_error(ErrorCode::kInvalidArgument, one.words);
    BOOST_CHECK_EXCEPTION(generator.generate(request), Error, refused);
    BOOST_CHECK_EXCEPTION(generator.key(request), Error, refused);
    BOOST_CHECK_EXCEPTION(generator.explain_key(request), Error, refused);
  }
  BOOST_TEST(pipeline->drawings() == 0u);
  BOOST_TEST(counting->finds == 0);
  BOOST_TEST(counting->stores == 0);
}

BOOST_AUTO_TEST_CASE(what_a_model_of_one_s_own_cannot_draw_is_refused_before_any_work) {
  auto config = zimg_test::tiny_config();
  config.transformer.axes_lens = {1536, 2048, 2048};
  const zimg_test::ModelFixture own(config);
  const auto refuses = [&](const Request& request, const std::string& words) {
    GeneratorOptions with_own = options();
    with_own.model = own.path();
    Generator generator(with_own, cache);
    BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kInvalidArgument, words));
  };
  Request request = small_request("a red circle");
  request.vae_tiling = true;
  for (const int sample_size : {8, 40}) {
    own.set("vae/config.json", "sample_size", sample_size);
    refuses(request, "'sample_size' in the model's vae/config.json is " + std::to_string(sample_size) + "; a multiple");
  }
  request = small_request("a red circle");
  request.width = 16400;
  refuses(request, "from 16 to 16384");
  request.width = request.height = 16384;
  refuses(request, "at most 67108864");
  BOOST_TEST(pipeline->drawings() == 0u);
}

BOOST_AUTO_TEST_CASE(odd_prompts_are_drawn) {
  Generator generator(options(), cache);
  for (const std::string& prompt : {std::string(), std::string(1u << 20, 'a')}) {
    BOOST_TEST(!generator.generate(small_request(prompt)).bytes->empty());
  }
  BOOST_TEST(pipeline->drawings() == 2u);
}

BOOST_AUTO_TEST_CASE(an_error_holds_no_prompt) {
  Generator generator(options(), cache);
  Request request = small_request("my secret \xff");
  BOOST_CHECK_EXCEPTION(generator.generate(request), Error,
                        [](const Error& e) { return std::string(e.what()).find("secret") == std::string::npos; });
}

BOOST_AUTO_TEST_CASE(wrong_options_are_refused) {
  GeneratorOptions wrong = options();
  wrong.pipeline_identity.clear();
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kInvalidArgument, "pipeline_identity"));
  wrong = options();
  wrong.drawings_at_once = 0;
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kInvalidArgument, "drawings_at_once"));
  wrong = options();
  wrong.pending_stores = 0;
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kInvalidArgument, "pending_stores"));
  wrong = options();
  wrong.threads = 4000000;
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kInvalidArgument, "threads"));
  wrong = options();
  wrong.fingerprint = static_cast<zimg::Fingerprint>(9);  // was taken for portable
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kInvalidArgument, "the fingerprint is 9"));
}

BOOST_AUTO_TEST_CASE(a_model_that_is_no_model_is_refused_at_once) {
  GeneratorOptions wrong = options();
  wrong.model = folder.path("missing");
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kNotFound, "missing"));
  fs::create_directory(folder.path("empty"));
  wrong.model = folder.path("empty");
  BOOST_CHECK_EXCEPTION(Generator{wrong}, Error, is_error(ErrorCode::kBadModel, "empty"));
  for (const char* half : {"transformer/config.json", "text_encoder/model.safetensors", "vae/config.json",
                           "scheduler/scheduler_config.json"}) {
    const GeneratorOptions copied = options_of_copy();
    fs::remove(model + "/" + half);
    BOOST_CHECK_EXCEPTION(Generator{copied}, Error, is_error(ErrorCode::kBadModel, fs::path(half).parent_path()));
  }
  const GeneratorOptions copied = options_of_copy();
  write(model + "/transformer/config.json", "{\"dim\": ");
  BOOST_CHECK_EXCEPTION(Generator{copied}, Error, is_error(ErrorCode::kBadModel, "transformer/config.json"));
}

BOOST_AUTO_TEST_CASE(a_model_whose_files_go_between_opening_and_hashing_is_said_so) {
  Generator generator(options_of_copy(), cache);
  fs::remove(model + "/transformer/diffusion_pytorch_model.safetensors");
  BOOST_CHECK_EXCEPTION(generator.generate(small_request("a")), Error,
                        is_error(ErrorCode::kIo, "diffusion_pytorch_model.safetensors"));
  BOOST_TEST(pipeline->drawings() == 0u);
}

BOOST_AUTO_TEST_CASE(a_model_that_changes_while_a_picture_is_drawn_keeps_nothing_and_must_be_opened_again) {
  for (const ImageFormat format : {ImageFormat::kPng, ImageFormat::kJpeg}) {
    const GeneratorOptions copied = options_of_copy();
    pipeline->before = [&](const DrawingOrder&, IDrawingObserver&) {
      std::ofstream(model + "/vae/config.json", std::ios::app) << "\n";
    };
    Generator generator(copied, cache);
    Request request = small_request("a red circle");
    request.format = format;
    Result result = generator.generate(request);
    generator.drain();
    result.report.refresh_stored();
    BOOST_TEST(!result.bytes->empty());
    BOOST_TEST(stored_name(result.report.stored) == "no");
    BOOST_TEST(result.report.store_note.find("changed") != std::string::npos);
    BOOST_TEST(cache->stats().entries == 0u);
    BOOST_TEST(generator.metrics().not_stored == (format == ImageFormat::kPng ? 1u : 2u));  // the PNG, and its JPEG
    BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kBadModel, "open it again"));
    BOOST_CHECK_EXCEPTION(generator.key(request), Error, is_error(ErrorCode::kBadModel, model));
    pipeline->before = nullptr;
    Generator reopened(copied, cache);
    BOOST_TEST(outcome_name(reopened.generate(request).report.outcome) == "drawn");
    reopened.drain();
    BOOST_TEST(reopened.generate(request).report.is_hit());
    cache = make_memory_cache(64u << 20);
  }
}

BOOST_AUTO_TEST_CASE(hashing_tells_its_progress_once_and_can_be_cancelled) {
  zimg_test::TemporaryFolder home;
  ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  bool cancels = true;
  Request request = small_request("a red circle");
  GeneratorOptions telling = options_of_copy();  // changed just now, so its digests are not remembered
  telling.on_hashing = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
    done = done_bytes;
    total = total_bytes;
    if (cancels) request.cancel.cancel();
  };
  Generator generator(telling, cache);
  BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kCancelled, "hashed"));
  BOOST_TEST(done < total);
  BOOST_TEST(pipeline->drawings() == 0u);
  cancels = false;
  request = small_request("a red circle");
  BOOST_TEST(outcome_name(generator.generate(request).report.outcome) == "drawn");
  BOOST_TEST(done == total);
  done = 0;
  generator.key(request);
  BOOST_TEST(done == 0u);
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_key_while_told_of_hashing_is_refused) {
  const zimg_test::TemporaryFolder home;
  ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
  Generator* asked = nullptr;
  GeneratorOptions asking = options_of_copy();
  asking.on_hashing = [&](std::uint64_t, std::uint64_t) { asked->key(small_request("a")); };
  Generator generator(asking, cache);
  asked = &generator;
  BOOST_CHECK_EXCEPTION(generator.key(small_request("a")), Error, is_error(ErrorCode::kInvalidArgument, "on_hashing"));
}

BOOST_AUTO_TEST_CASE(who_waits_while_another_request_hashes_can_be_cancelled) {
  const zimg_test::TemporaryFolder home;
  ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
  Gate hashing;
  Gate go_on;
  GeneratorOptions slow = options_of_copy();
  slow.on_hashing = [&](std::uint64_t, std::uint64_t) {
    hashing.open();
    go_on.pass();
  };
  Generator generator(slow, cache);
  const auto first = ask(generator, small_request("a red circle"));
  BOOST_TEST(hashing.pass());
  const auto waiting = ask(generator, small_request("a blue circle"));
  Request cancelled = small_request("a green circle");
  cancelled.cancel.cancel();
  auto key = std::async(std::launch::async, [&] { return generator.key(cancelled); });  // looks at no token before
  constexpr std::chrono::seconds kSoon{10};  // less than the patience of a gate
  BOOST_TEST((key.wait_for(kSoon) == std::future_status::ready));
  BOOST_TEST((waiting->result.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  waiting->request.cancel.cancel();
  BOOST_TEST((waiting->result.wait_for(kSoon) == std::future_status::ready));
  BOOST_TEST((first->result.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));  // hashes still
  go_on.open();
  BOOST_CHECK_EXCEPTION(key.get(), Error, is_error(ErrorCode::kCancelled, "model's files"));
  BOOST_CHECK_EXCEPTION(waiting->result.get(), Error, is_error(ErrorCode::kCancelled));
  BOOST_TEST(outcome_name(first->result.get().report.outcome) == "drawn");
  BOOST_TEST(pipeline->drawings() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_pipeline_throws_becomes_an_error) {
  Generator generator(options(), cache);
  std::function<void()> thrower;
  pipeline->before = [&](const DrawingOrder&, IDrawingObserver&) { thrower(); };
  const auto check = [&](ErrorCode code, const char* words) {
    BOOST_CHECK_EXCEPTION(generator.generate(small_request("a red circle")), Error, is_error(code, words));
  };
  thrower = [] { throw Error(ErrorCode::kDevice, "the latents hold NaN"); };
  check(ErrorCode::kDevice, "the latents hold NaN");
  thrower = [] { throw std::bad_alloc(); };
  check(ErrorCode::kOutOfMemory, "memory");
  thrower = [] { throw std::runtime_error("its own words"); };
  check(ErrorCode::kInternal, "its own words");
  thrower = [] { throw 7; };
  check(ErrorCode::kInternal, "pipeline");
  generator.drain();
  BOOST_TEST(cache->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(a_picture_of_another_size_is_a_defect_of_the_pipeline) {
  Generator generator(options(), cache);
  std::function<void(Picture&)> spoil;
  pipeline->spoil = [&](Picture& picture) { spoil(picture); };
  for (const std::function<void(Picture&)>& one : std::vector<std::function<void(Picture&)>>{
           [](Picture& p) { p.width = 16; }, [](Picture& p) { p.height = 0; }, [](Picture& p) { p.rgb.pop_back(); },
           [](Picture& p) { p.rgb.clear(); }, [](Picture& p) { p.rgb.push_back(0); }}) {
    spoil = one;
    BOOST_CHECK_EXCEPTION(generator.generate(small_request("a red circle")), Error,
                          is_error(ErrorCode::kDevice, "64x32"));
  }
  generator.drain();
  BOOST_TEST(cache->stats().entries == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
