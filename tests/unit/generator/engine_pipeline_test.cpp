#include "generator/engine_pipeline.hpp"

#include <dlfcn.h>

#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg::generator::EngineLocation;
using zimg::generator::EnginePipeline;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;
namespace fs = std::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

const std::string kModule = std::string(ZIMG_FAKE_ENGINES) + "/sound.so";

struct Observer final : IDrawingObserver {
  bool previews = false;
  bool cancelled = false;
  std::function<void(const Progress&)> callback;
  std::vector<Progress> seen;

  bool wants_preview() const override { return previews; }
  bool is_cancelled() const override { return cancelled; }
  void on_progress(const Progress& progress) override {
    seen.push_back(progress);
    if (callback) callback(progress);
  }
};

int counted_by_the_engine(const char* what) {
  void* module = ::dlopen(kModule.c_str(), RTLD_NOW | RTLD_LOCAL);
  return reinterpret_cast<int (*)()>(::dlsym(module, what))();
}

struct Fixture {
  EnginePipeline pipeline{EngineLocation{kModule, ""}, "model", Device::kAuto, Precision::kAuto, 0};
  Observer observer;
  DrawingOrder order;

  Fixture() {
    order.width = 32;
    order.height = 16;
    order.sigmas = {1, 0.5F};
    order.seed = 3;
  }
  ~Fixture() { BOOST_TEST(counted_by_the_engine("fake_engine_kept_pictures") == 0); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(engine_pipeline, Fixture)

BOOST_AUTO_TEST_CASE(hands_over_the_picture_and_its_times) {
  const Picture picture = pipeline.draw(order, observer);
  BOOST_TEST(picture.width == 32u);
  BOOST_TEST(picture.height == 16u);
  BOOST_REQUIRE_EQUAL(picture.rgb.size(), 32u * 16u * 3u);
  BOOST_TEST(picture.rgb[0] == 3u);
  BOOST_TEST(picture.rgb[1] == 4u);
  BOOST_TEST(picture.denoise_ms == 1.5);
  BOOST_REQUIRE_EQUAL(observer.seen.size(), 3u);
  BOOST_TEST(observer.seen.back().step == 2u);
  BOOST_TEST(observer.seen.back().steps == 2u);
  BOOST_TEST(observer.seen.back().preview.empty());
}

BOOST_AUTO_TEST_CASE(hands_over_previews_where_they_are_wanted) {
  observer.previews = true;
  pipeline.draw(order, observer);
  BOOST_TEST((observer.seen.front().preview == Bytes{1, 2, 3}));
  BOOST_TEST(observer.seen.front().preview_width == 1u);
}

BOOST_AUTO_TEST_CASE(previews_begin_and_end_with_the_wish_for_them) {
  observer.callback = [this](const Progress& progress) { observer.previews = progress.step == 0; };
  pipeline.draw(order, observer);
  BOOST_REQUIRE_EQUAL(observer.seen.size(), 3u);
  BOOST_TEST(observer.seen[0].preview.empty());
  BOOST_TEST(!observer.seen[1].preview.empty());
  BOOST_TEST(observer.seen[2].preview.empty());
}

BOOST_AUTO_TEST_CASE(every_code_crosses) {
  for (int code = 1; code <= 12; ++code) {
    order.prompt = "fail " + std::to_string(code);
    BOOST_CHECK_EXCEPTION(pipeline.draw(order, observer), Error, is_error(static_cast<ErrorCode>(code), "as told"));
  }
  order.prompt = "fail 77";
  BOOST_CHECK_EXCEPTION(pipeline.draw(order, observer), Error, is_error(ErrorCode::kInternal, "77"));
  order.prompt = "endless";  // a message without its end
  BOOST_CHECK_EXCEPTION(pipeline.draw(order, observer), Error, is_error(ErrorCode::kInternal, "xxx"));
}

BOOST_AUTO_TEST_CASE(a_cancel_crosses) {
  observer.cancelled = true;
  BOOST_CHECK_EXCEPTION(pipeline.draw(order, observer), Error, is_error(ErrorCode::kCancelled, "cancelled"));
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_observer_stops_the_engine_and_arrives) {
  observer.callback = [](const Progress&) { throw std::runtime_error("its own"); };
  BOOST_CHECK_EXCEPTION(pipeline.draw(order, observer), std::runtime_error,
                        [](const auto& e) { return std::string(e.what()) == "its own"; });
  BOOST_TEST(observer.seen.size() == 1u);
}

BOOST_AUTO_TEST_CASE(opens_one_engine_at_the_first_drawing_and_closes_it) {
  const int before = counted_by_the_engine("fake_engine_open_engines");
  {
    EnginePipeline own(EngineLocation{kModule, ""}, "model", Device::kAuto, Precision::kAuto, 0);
    BOOST_TEST(counted_by_the_engine("fake_engine_open_engines") == before);
    own.draw(order, observer);
    own.draw(order, observer);
    BOOST_TEST(counted_by_the_engine("fake_engine_open_engines") == before + 1);
  }
  BOOST_TEST(counted_by_the_engine("fake_engine_open_engines") == before);
}

BOOST_AUTO_TEST_CASE(a_model_that_the_engine_refuses_is_refused_each_time) {
  EnginePipeline bad(EngineLocation{kModule, ""}, "bad", Device::kAuto, Precision::kAuto, 0);
  for (int i = 0; i < 2; ++i) {
    BOOST_CHECK_EXCEPTION(bad.draw(order, observer), Error, is_error(ErrorCode::kBadModel, "'bad'"));
  }
}

BOOST_AUTO_TEST_CASE(draws_for_a_generator) {
  GeneratorOptions options;
  options.model = zimg_test::kModel;
  options.engine_path = kModule;
  const auto cache = make_memory_cache(64u << 20);
  Generator generator(options, cache);
  const Result drawn = generator.generate(small_request("a red circle"));
  generator.drain();
  BOOST_TEST(outcome_name(drawn.report.outcome) == "drawn");
  BOOST_TEST(drawn.report.times_ms.denoise == 1.5);
  BOOST_TEST(generator.generate(small_request("a red circle")).report.is_hit());
  BOOST_CHECK_EXCEPTION(generator.generate(small_request("fail 5")), Error, is_error(ErrorCode::kOutOfMemory));
  options.engine_path = "/nowhere/engine.so";
  Generator lost(options, cache);
  BOOST_CHECK_EXCEPTION(lost.generate(small_request("a red circle")), Error,
                        is_error(ErrorCode::kNotFound, "/nowhere/engine.so"));
  options.engine_path = std::string(ZIMG_FAKE_ENGINES) + "/other_abi.so";
  Generator foreign(options, cache);
  BOOST_CHECK_EXCEPTION(foreign.generate(small_request("a red circle")), Error,
                        is_error(ErrorCode::kUnsupported, "ABI 2"));
}

BOOST_AUTO_TEST_CASE(keeps_nothing_that_files_added_since_have_a_part_in) {
  zimg_test::TemporaryFolder folder;
  fs::copy(zimg_test::kModel, folder.path("model"), fs::copy_options::recursive);
  const std::string preferred = folder.path("model/tokenizer/tokenizer.json");
  fs::rename(preferred, folder.path("later.json"));
  GeneratorOptions options;
  options.model = folder.path("model");
  options.engine_path = kModule;
  const auto cache = make_memory_cache(64u << 20);
  Generator generator(options, cache);
  generator.key(small_request("a red circle"));
  fs::rename(folder.path("later.json"), preferred);  // taken before vocab.json and merges.txt, which stay
  Result drawn = generator.generate(small_request("a red circle"));
  generator.drain();
  drawn.report.refresh_stored();
  BOOST_TEST((drawn.report.stored == Stored::kNo));
  BOOST_TEST(drawn.report.store_note.find("files changed") != std::string::npos, drawn.report.store_note);
  BOOST_TEST(cache->stats().entries == 0u);
  BOOST_CHECK_EXCEPTION(generator.generate(small_request("a red circle")), Error,
                        is_error(ErrorCode::kBadModel, "open it again"));
}

// What the engine has loaded meanwhile is still there when the folder is again what it was.
BOOST_AUTO_TEST_CASE(keeps_nothing_once_it_was_opened_with_another_folder_in_the_models_place) {
  zimg_test::TemporaryFolder folder;
  for (const char* name : {"model", "other"}) {
    fs::copy(zimg_test::kModel, folder.path(name), fs::copy_options::recursive);
  }
  GeneratorOptions options;
  options.model = folder.path("model");
  options.engine_path = kModule;
  const auto cache = make_memory_cache(64u << 20);
  Generator generator(options, cache);
  Request request = small_request("a red circle");
  generator.key(request);
  fs::rename(folder.path("model"), folder.path("away"));
  fs::rename(folder.path("other"), folder.path("model"));
  request.mode = CacheMode::kNoStore;
  generator.generate(request);
  fs::rename(folder.path("model"), folder.path("other"));
  fs::rename(folder.path("away"), folder.path("model"));
  request.mode = CacheMode::kNormal;
  BOOST_CHECK_EXCEPTION(generator.generate(request), Error, is_error(ErrorCode::kBadModel, "open it again"));
  BOOST_TEST(cache->stats().entries == 0u);
}

BOOST_AUTO_TEST_CASE(precision_and_fingerprint_are_in_the_key) {
  GeneratorOptions options;
  options.model = zimg_test::kModel;
  options.engine_path = kModule;
  const auto key = [&] { return Generator(options).key(small_request("a red circle")).hex(); };
  const std::string bf16 = key();
  options.precision = Precision::kBf16;
  BOOST_TEST(key() == bf16);  // what "auto" comes to
  options.threads = 5;
  BOOST_TEST(key() == bf16);
  options.fingerprint = Fingerprint::kStrict;
  const std::string strict = key();
  BOOST_TEST(strict != bf16);
  options.threads = 6;
  BOOST_TEST(key() != strict);
  options.fingerprint = Fingerprint::kPortable;
  options.precision = Precision::kFp32;
  BOOST_TEST(key() != bf16);
}

BOOST_AUTO_TEST_SUITE_END()
