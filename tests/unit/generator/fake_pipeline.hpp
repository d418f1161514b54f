// A FakePipeline draws noise made from the order alone, remembers the orders, and misbehaves where a test tells it to.
// Thread-safe; `before` and `spoil` are set before the first drawing.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "zimg/error.hpp"
#include "zimg/pipeline.hpp"

namespace zimg_test {

// Everything of an order in one text: equal texts, equal orders.
inline std::string text_of(const zimg::DrawingOrder& order) {
  std::string text = order.prompt + '\0' + order.negative_prompt + '\0' + std::to_string(order.width) + "x" +
                     std::to_string(order.height) + " guidance " + std::to_string(order.guidance) + " " +
                     std::to_string(order.guidance_normalization) + " " + std::to_string(order.guidance_truncation) +
                     " seed " + std::to_string(order.seed) + (order.vae_tiling ? " tiled" : "") + " sigmas";
  for (const float sigma : order.sigmas) text += " " + std::to_string(sigma);
  return text;
}

inline zimg::Picture picture_of(const zimg::DrawingOrder& order) {
  const std::string text = text_of(order);
  const auto digest = zimg::base::sha256(text.data(), text.size());
  zimg::Picture picture;
  picture.width = order.width;
  picture.height = order.height;
  picture.rgb.resize(std::size_t{3} * order.width * order.height);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
    picture.rgb[i] = static_cast<std::uint8_t>(digest[i % digest.size()] + i / 7);
  }
  return picture;
}

class FakePipeline final : public zimg::IPipeline {
 public:
  // Runs at the start of each drawing; may block, throw and tell progress.
  std::function<void(const zimg::DrawingOrder&, zimg::IDrawingObserver&)> before;
  // Changes the picture before it is handed over.
  std::function<void(zimg::Picture&)> spoil;

  zimg::Picture draw(const zimg::DrawingOrder& order, zimg::IDrawingObserver& observer) override {
    {
      const std::lock_guard lock(mutex_);
      orders_.push_back(order);
    }
    if (before) before(order, observer);
    const auto steps = static_cast<std::uint32_t>(order.sigmas.size());
    for (std::uint32_t step = 0; step <= steps; ++step) {
      if (observer.is_cancelled()) throw zimg::Error(zimg::ErrorCode::kCancelled, "the drawing was cancelled");
      tell_progress(observer, step, steps);
    }
    zimg::Picture picture = picture_of(order);
    if (spoil) spoil(picture);
    return picture;
  }

  static void tell_progress(zimg::IDrawingObserver& observer, std::uint32_t step, std::uint32_t steps) {
    zimg::Progress progress;
    progress.step = step;
    progress.steps = steps;
    if (observer.wants_preview()) {
      progress.preview = {1, 2, 3};
      progress.preview_width = progress.preview_height = 1;
    }
    observer.on_progress(progress);
  }

  std::vector<zimg::DrawingOrder> orders() {
    const std::lock_guard lock(mutex_);
    return orders_;
  }
  std::size_t drawings() { return orders().size(); }

 private:
  std::mutex mutex_;
  std::vector<zimg::DrawingOrder> orders_;
};

}  // namespace zimg_test
