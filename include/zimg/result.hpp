// A Result is a delivered picture together with the Report of how it came about.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/cache_key.hpp"
#include "zimg/image_format.hpp"

namespace zimg {
inline namespace v0 {

enum class Outcome : std::uint8_t {
  kHit = 0,     // the bytes stood in the cache, or were converted from a picture that did
  kDrawn = 1,   // this request's own drawing
  kJoined = 2,  // an equal request was being drawn, here or by another process; this one waited for it
};
ZIMG_API const char* outcome_name(Outcome outcome) noexcept;  // "hit", "drawn", "joined"

enum class Stored : std::uint8_t {
  kYes = 0,      // committed
  kNo = 1,       // will not be; Report::store_note says why
  kPending = 2,  // being written; Generator::drain() waits for it
};
ZIMG_API const char* stored_name(Stored stored) noexcept;  // "yes", "no", "pending"

// Where the time of one request went, in milliseconds. A stage that did not run is 0.
struct StageTimes {
  double canonicalize = 0;  // folding, defaults, key
  double lookup = 0;        // cache read and its check
  double wait = 0;          // for the device, or for another request's drawing
  double load = 0;          // opening the engine and loading weights
  double encode_text = 0;
  double denoise = 0;
  double decode = 0;        // VAE
  double encode_image = 0;  // PNG or JPEG, and splicing
  double total = 0;
};

// How a store that the answer did not wait for went on. Owned by the Report that it belongs to; thread-safe.
class StoreState;

struct ZIMG_API Report {
  Outcome outcome = Outcome::kDrawn;
  CacheKey key;  // the picture key
  Stored stored = Stored::kNo;
  std::string store_note;             // why not stored, one sentence; empty otherwise
  std::vector<std::string> warnings;  // one sentence each: a cache that could not be used, a flat picture
  std::vector<std::string> folded;    // what canonicalisation changed, one phrase each; never the prompt itself
  bool converted = false;             // a hit whose format was made from the stored PNG
  bool is_filtered = false;           // a keyword list names a word of the prompt
  std::vector<std::string> tags;      // of the keyword lists that tag
  bool is_flat = false;               // the picture is one colour: delivered, never stored
  std::uint32_t seed = 0;             // as drawn
  std::uint32_t steps = 0;
  double guidance = 0;
  std::string model;  // the model's name
  std::string name_space;
  std::string payload_sha256;  // hex digest of the picture as stored, before parameters are spliced in
  StageTimes times_ms;

  std::shared_ptr<const StoreState> store_state;  // null where nothing is pending

  bool is_hit() const noexcept { return outcome == Outcome::kHit; }
  // Brings `stored` and `store_note` up to date. After Generator::drain() they are final.
  void refresh_stored();

  explicit Report(const CacheKey& picture_key) : key(picture_key) {}
};

struct Result {
  explicit Result(Report its_report) : report(std::move(its_report)) {}

  SharedBytes bytes;  // the encoded picture, never null; shared with the cache where it keeps pictures in memory
  ImageFormat format = ImageFormat::kPng;
  std::uint32_t width = 0;   // pixels
  std::uint32_t height = 0;  // pixels
  Report report;
};

}  // namespace v0
}  // namespace zimg
