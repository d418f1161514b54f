// An IPipeline draws. zimg's own is the libtorch engine, opened at the first miss; tests and hosts may bring another.
//
// Thread-safe: Generator may call draw() from any thread; an implementation that serves one drawing at a time queues.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/export.hpp"
#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

// Everything that reaches the pixels, and nothing else: made from the canonical request.
struct DrawingOrder {
  std::string prompt;           // UTF-8, canonical
  std::string negative_prompt;  // empty where guidance is 0
  std::uint32_t width = 0;      // pixels
  std::uint32_t height = 0;     // pixels
  std::vector<float> sigmas;    // noise levels of the steps, descending from at most 1; the closing 0 is implied
  float guidance = 0;
  float guidance_normalization = 0;
  float guidance_truncation = 1;
  std::uint32_t seed = 0;
  bool vae_tiling = false;
};

// Interleaved 8-bit RGB, rows from the top, width * height * 3 bytes.
struct Picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Bytes rgb;
  double wait_ms = 0;  // for the device
  double load_ms = 0;  // weights that this drawing had to load
  double encode_text_ms = 0;
  double denoise_ms = 0;
  double decode_ms = 0;
};

// What a pipeline tells while it draws, and what it asks. Called on the drawing thread, or on others while draw()
// lasts; requests are told one step at a time.
class ZIMG_API IDrawingObserver {
 public:
  virtual ~IDrawingObserver();
  virtual bool wants_preview() const = 0;
  virtual void on_progress(const Progress& progress) = 0;
  // Asked at least once per denoiser layer; true makes draw() throw Error with code kCancelled.
  virtual bool is_cancelled() const = 0;
};

class ZIMG_API IPipeline {
 public:
  virtual ~IPipeline();

  // Draws `order`. Equal orders give equal pixels.
  // Errors: kCancelled, kOutOfMemory, kDevice (NaN or infinite latents among them), kBadModel, kUnsupported. Of a
  // pipeline of one's own, a picture of another size is kDevice to who asked, and whatever it throws that is no Error
  // kInternal.
  virtual Picture draw(const DrawingOrder& order, IDrawingObserver& observer) = 0;
};

}  // namespace v0
}  // namespace zimg
