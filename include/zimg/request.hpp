// A Request says which picture is wanted. It is a plain value, filled by the caller and read by Generator.
//
// Only what shows in the picture goes into its key; see docs/key-format.md for the table. Absent numbers take the
// model's own defaults (a Turbo checkpoint: 1024x1024, 8 steps, guidance 0).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "zimg/bytes.hpp"
#include "zimg/export.hpp"
#include "zimg/image_format.hpp"

namespace zimg {
inline namespace v0 {

// How much of a prompt's spelling is folded away before both the key and the model see it.
enum class MatchLevel : std::uint8_t {
  kExact = 0,       // Unicode NFC only
  kNormalized = 1,  // + invisible characters, blanks, full-width letters and digits, punctuation after its script
  kLoose = 2,       // + case, line breaks, all CJK punctuation, synonyms; the size goes down to a grid, at most 10 %
};

// How the step sizes are laid out. All three are flow matching with the checkpoint's shift.
enum class Schedule : std::uint8_t {
  kLinear = 0,         // linspace(1, 1/N): N steps are N denoiser calls (diffusers >= 0.39); the default
  kLegacyZeroEnd = 1,  // linspace(1, 0) with N points (diffusers 0.36 to 0.38); its last step moves nothing
  kNative = 2,         // N+1 points less the last (the official repository)
};

// What a request may do with the cache. One whose seed is random never reads it, and kOnlyIfCached refuses it.
enum class CacheMode : std::uint8_t {
  kNormal = 0,        // found, or drawn and kept
  kBypass = 1,        // drawn: neither found nor kept, nor shared with an equal request
  kRefresh = 2,       // drawn, and what was kept is replaced; a drawing that is under way for another will do
  kOnlyIfCached = 3,  // found, or Error kNotFound: nothing is drawn and the engine stays unopened
  kNoStore = 4,       // found, or drawn and not kept
};

// One step of a drawing under way. The count may begin again, once, where a GPU ran out of memory for the whole model.
struct Progress {
  std::uint32_t step = 0;   // steps finished, 0 to `steps`
  std::uint32_t steps = 0;  // denoising steps in all
  // Interleaved 8-bit RGB of a small preview; empty without Request::preview, before the first step and after the last.
  Bytes preview;
  std::uint32_t preview_width = 0;   // pixels
  std::uint32_t preview_height = 0;  // pixels
};

// A CancelToken stops requests that carry it. Thread-safe; cancel() is sticky and may be called any number of times.
// A drawing stops within one denoiser layer. Copies share one state.
class ZIMG_API CancelToken {
 public:
  CancelToken();
  void cancel() noexcept;
  bool is_cancelled() const noexcept;

  // A token that is cancelled together with this one, and that can be cancelled by itself.
  CancelToken child() const;

 private:
  struct State;
  explicit CancelToken(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

struct Request {
  // UTF-8 without NUL, at most 1 MiB; empty is drawn. Only the first 512 tokens reach the model.
  std::string prompt;
  // What to steer away from, within the same limits. Live only where guidance is above 0.
  std::string negative_prompt;

  // Pixels, multiples of the model's size_step up to its max_side (model.hpp); at most 67,108,864 pixels in all.
  std::optional<std::uint32_t> width;
  std::optional<std::uint32_t> height;
  std::optional<std::uint32_t> steps;  // 1 to 1000
  std::optional<double> guidance;      // the reference's scale: 0 is off; usual "CFG scale" less 1; 0 to 100
  double guidance_normalization = 0;   // 0 to 100: the reference's cfg_normalization; 0 is off
  double guidance_truncation = 1;      // 0 to 1: no guidance at steps whose noise level is below 1 less this
  Schedule schedule = Schedule::kLinear;

  std::uint64_t seed = 42;   // the low 32 bits are what the noise reads, so they are the canonical seed
  bool random_seed = false;  // draw a fresh seed: never a hit, never joined
  bool vae_tiling = false;   // decode in overlapping tiles: less memory, other pixels, so it is part of the key

  MatchLevel match = MatchLevel::kNormalized;
  std::string name_space = "default";  // [A-Za-z0-9._@:-]{1,64}: requests of two namespaces never share a picture

  ImageFormat format = ImageFormat::kPng;
  int jpeg_quality = 90;           // 1 to 100, read for JPEG only
  bool splice_parameters = false;  // write the canonical request into the delivered file's text chunks

  CacheMode mode = CacheMode::kNormal;
  // How long the picture is kept, in milliseconds, at least 1 and at most 100 years; absent: the cache's rule for the
  // namespace; without one, until it is evicted. Set when it is stored and never extended: on a hit it means nothing.
  std::optional<std::int64_t> ttl_ms;
  // 0 to less than 1: up to this share of the time is taken off at random, so that pictures that were stored together
  // do not expire together.
  double ttl_jitter = 0;
  std::string tag;   // UTF-8, at most 255 bytes: kept beside the picture, for purging by it
  bool pin = false;  // never evicted for room, where it was there before too; it expires all the same

  bool preview = false;  // fill Progress::preview after each step but the last (costs a few milliseconds)

  // Called on the drawing thread after each step and once before the first. It must not ask the Generator for a picture
  // nor throw; what it throws all the same ends this request, and no other that shares the drawing.
  std::function<void(const Progress&)> on_progress;
  CancelToken cancel;
};

}  // namespace v0
}  // namespace zimg
