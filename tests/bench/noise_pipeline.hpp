// Stands in for the engine where drawing is not what is measured: noise on a smooth ground, at once. The noisier, the
// larger the PNG.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "zimg/generator.hpp"

namespace zimg_bench {

class NoisePipeline final : public zimg::IPipeline {
 public:
  explicit NoisePipeline(unsigned levels) : levels_(levels) {}

  zimg::Picture draw(const zimg::DrawingOrder& order, zimg::IDrawingObserver&) override {
    return picture(order.width, order.height, order.seed);
  }

  zimg::Picture picture(std::uint32_t width, std::uint32_t height, std::uint32_t seed) const {
    std::minstd_rand random(seed + 1);
    zimg::Picture picture;
    picture.width = width;
    picture.height = height;
    picture.rgb.resize(std::size_t{3} * width * height);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      picture.rgb[i] = static_cast<std::uint8_t>(i / 3 % width / 8 + (random() >> 8) % levels_);
    }
    return picture;
  }

 private:
  unsigned levels_;
};

// Options of a Generator that "draws" such pictures and reads no model but the built-in one's configs.
inline zimg::GeneratorOptions noise_options(unsigned levels) {
  zimg::GeneratorOptions options;
  options.model = std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model";
  options.pipeline = std::make_shared<NoisePipeline>(levels);
  options.pipeline_identity = "noise of " + std::to_string(levels) + " levels";
  return options;
}

// What is asked for: a prompt of 200 bytes, a picture of `side` by `side` pixels, told apart by its seed.
inline zimg::Request noise_request(std::uint32_t side, std::uint64_t seed) {
  zimg::Request request;
  request.prompt =
      "a red circle left of a blue square on a white ground, drawn with a soft brush, evening light from the left, "
      "long shadows, a thin frame of gold around it, fine grain, calm colours, nothing written";
  request.width = side;
  request.height = side;
  request.steps = 1;
  request.seed = seed;
  return request;
}

}  // namespace zimg_bench
