// A program as a user of the library writes it: the public headers alone, C++17, no libtorch. It brings its own
// pipeline, makes a key, draws, asks again, and is refused a wrong request. Given the argument "engine" it draws with
// the engine and the built-in model, as they were installed; a second argument is the folder of the model.
#include <cstdio>
#include <memory>
#include <string>

#include "zimg/zimg.hpp"

static_assert(__cplusplus < 202002L, "the point is to compile the public headers as C++17");

namespace {

class GradientPipeline : public zimg::IPipeline {
 public:
  zimg::Picture draw(const zimg::DrawingOrder& order, zimg::IDrawingObserver& observer) override {
    if (observer.is_cancelled()) throw zimg::Error(zimg::ErrorCode::kCancelled, "cancelled");
    zimg::Picture picture;
    picture.width = order.width;
    picture.height = order.height;
    picture.rgb.resize(std::size_t{3} * order.width * order.height);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<std::uint8_t>(i * 7 + order.seed);
    return picture;
  }
};

bool expect(bool condition, const char* what) {
  if (!condition) std::fprintf(stderr, "not so: %s\n", what);
  return condition;
}

}  // namespace

int main(int argc, char** argv) {
  const bool has_engine = argc > 1 && std::string(argv[1]) == "engine";
  zimg::GeneratorOptions options;
  if (argc > 2) options.model = argv[2];
  if (!has_engine) {
    options.pipeline = std::make_shared<GradientPipeline>();
    options.pipeline_identity = "gradient 1";
  }
  zimg::Generator generator(options, zimg::make_memory_cache(1 << 24));

  zimg::Request request;
  request.prompt = "a red circle";
  request.width = 64;
  request.height = 64;
  request.steps = 2;
  const zimg::CacheKey key = generator.key(request);
  std::printf("zimg %s, key %s\n", zimg::version(), key.hex().c_str());

  const zimg::Result drawn = generator.generate(request);
  generator.drain();
  const zimg::Result found = generator.generate(request);
  bool sound = expect(drawn.report.key == key, "the picture's key is the one that key() told");
  sound &= expect(drawn.report.outcome == zimg::Outcome::kDrawn, "the first request is drawn");
  sound &= expect(found.report.is_hit(), "the second request is a hit");
  sound &= expect(*drawn.bytes == *found.bytes, "the hit returns the bytes of the miss");

  try {
    request.width = 1;
    generator.generate(request);
    sound &= expect(false, "a width of 1 is refused");
  } catch (const zimg::Error& error) {
    sound &= expect(error.code() == zimg::ErrorCode::kInvalidArgument, "a width of 1 is an invalid argument");
  }
  return sound ? 0 : 1;
}
