#include "painter.hpp"

#include <numeric>
#include <utility>

#include "zimg/error.hpp"

namespace conformance {
namespace {

std::uint64_t sum_of(const std::string& text) {
  return std::accumulate(text.begin(), text.end(), std::uint64_t{0},
                         [](std::uint64_t sum, char octet) { return sum + static_cast<unsigned char>(octet); });
}

// What the pixels begin with: something of all that was ordered.
std::uint64_t mixture(const zimg::DrawingOrder& order) {
  return std::uint64_t{17} * order.seed + sum_of(order.prompt) + 3 * sum_of(order.negative_prompt) +
         7 * order.sigmas.size() + static_cast<std::uint64_t>(order.guidance * 16.0F) +
         static_cast<std::uint64_t>(order.guidance_normalization * 32.0F) +
         static_cast<std::uint64_t>(order.guidance_truncation * 64.0F) + (order.vae_tiling ? 5 : 0);
}

class Painter : public zimg::IPipeline {
 public:
  explicit Painter(std::string kind) : kind_(std::move(kind)) {}

  zimg::Picture draw(const zimg::DrawingOrder& order, zimg::IDrawingObserver& observer) override {
    if (kind_ == "fails") throw zimg::Error(zimg::ErrorCode::kDevice, "the painter has no paint");
    zimg::Progress progress;
    progress.steps = static_cast<std::uint32_t>(order.sigmas.size());
    if (observer.wants_preview()) {
      progress.preview = {1, 2, 3, 4, 5, 6};
      progress.preview_width = 2;
      progress.preview_height = 1;
    }
    for (; progress.step <= progress.steps; ++progress.step) {
      if (observer.is_cancelled()) throw zimg::Error(zimg::ErrorCode::kCancelled, "the drawing was cancelled");
      observer.on_progress(progress);
    }
    zimg::Picture picture;
    picture.width = order.width + (kind_ == "lies" ? 1 : 0);
    picture.height = order.height;
    picture.rgb.resize(std::size_t{3} * picture.width * picture.height);
    const std::uint64_t begin = mixture(order);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      picture.rgb[i] = static_cast<std::uint8_t>(begin + 31 * i + i / picture.width);
    }
    return picture;
  }

 private:
  const std::string kind_;
};

}  // namespace

std::shared_ptr<zimg::IPipeline> make_painter(const std::string& kind) {
  return std::make_shared<Painter>(kind);
}

}  // namespace conformance
