// What the tests of Generator share: the built-in model, a fake pipeline, small requests, and a home of their own.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>

#include "temporary_folder.hpp"
#include "unit/generator/fake_pipeline.hpp"
#include "unit/generator/gate.hpp"
#include "unit/generator/is_error.hpp"
#include "zimg/zimg.hpp"

namespace zimg_test {

// Digests and profiles are kept below a folder that goes with the program.
class OwnHome {
 public:
  OwnHome() { ::setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1); }

 private:
  TemporaryFolder folder_;
};

inline const std::string kModel = std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model";

inline zimg::Request small_request(const std::string& prompt) {
  zimg::Request request;
  request.prompt = prompt;
  request.width = 64;
  request.height = 32;
  request.steps = 3;
  return request;
}

// A request that is asked on a thread of its own.
struct Asked {
  zimg::Request request;
  std::shared_ptr<Gate> aboard = std::make_shared<Gate>();  // opens at the first progress it hears of
  std::future<zimg::Result> result;
};

struct GeneratorFixture {
  std::shared_ptr<FakePipeline> pipeline = std::make_shared<FakePipeline>();
  std::shared_ptr<zimg::ICache> cache = zimg::make_memory_cache(64u << 20);

  zimg::GeneratorOptions options() const {
    zimg::GeneratorOptions options;
    options.model = kModel;
    options.pipeline = pipeline;
    options.pipeline_identity = "fake";
    return options;
  }

  // Drawings tell progress, and so let everyone aboard know, until `gate` opens or nobody wants them.
  void hold_drawings(Gate& gate) {
    pipeline->before = [&gate](const zimg::DrawingOrder&, zimg::IDrawingObserver& observer) {
      comes_true([&] {
        FakePipeline::tell_progress(observer, 0, 3);
        return gate.is_open() || observer.is_cancelled();
      });
    };
  }

  static std::unique_ptr<Asked> ask(zimg::Generator& generator, const zimg::Request& request) {
    auto asked = std::make_unique<Asked>();
    asked->request = request;
    asked->request.on_progress = [aboard = asked->aboard, also = request.on_progress](const zimg::Progress& progress) {
      aboard->open();
      if (also) also(progress);
    };
    asked->result =
        std::async(std::launch::async, [&generator, &request = asked->request] { return generator.generate(request); });
    return asked;
  }
};

}  // namespace zimg_test
