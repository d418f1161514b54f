// Draws what is missing of a list of pictures, so that they are there when somebody asks for them.
//
//     zimg::PrewarmReport report = zimg::prewarm(generator, items, options);
//
// What is in the cache is passed over, so a run that was stopped goes on where it stopped: the cache is the only state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "zimg/error.hpp"
#include "zimg/export.hpp"
#include "zimg/generator.hpp"
#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

struct PrewarmItem {
  Request request;      // its mode is not read, nor its progress callback; its seed is no random one
  double priority = 0;  // the higher are drawn first, equal ones in the order of the list; a finite number
};

// How far a run is. `done` and `missing` count different pictures, one in two formats twice: what the list holds twice
// is drawn once.
struct PrewarmProgress {
  std::size_t checked = 0;        // of the list, looked up
  std::size_t listed = 0;         // items in all
  std::size_t done = 0;           // drawn, found after all or failed, of those that were missing
  std::size_t missing = 0;        // known once all are checked
  std::uint64_t drawn_bytes = 0;  // of the pictures as delivered
};

struct PrewarmOptions {
  // No drawing is begun once a budget is spent; those that are under way end. 0 is wrong use.
  std::optional<std::uint64_t> budget_pictures;  // drawn
  std::optional<double> budget_seconds;          // from the call on
  std::optional<std::uint64_t> budget_bytes;     // of the drawn pictures, as delivered

  // Requests side by side, 1 to 64. The engine draws one at a time: a second keeps it busy while a picture is encoded
  // and stored. One fewer for each picture that is dropped because too many wait to be stored: it is drawn again.
  unsigned at_once = 2;
  CancelToken cancel;  // stands for the requests' own; a drawing that is under way is given up
  // Called by one thread at a time, not always the same. What it throws ends the run and comes out of prewarm().
  std::function<void(const PrewarmProgress&)> on_progress;
};

enum class PrewarmEnd : std::uint8_t {
  kAllDone = 0,
  kPicturesSpent = 1,
  kSecondsSpent = 2,
  kBytesSpent = 3,
  kCancelled = 4,
  // `note` says why: the cache takes no more, so drawing on would be in vain; or, at the end of the list, some pictures
  // were dropped because others filled the queue of stores, or were larger than the cache would hold. Two of these with
  // none between them that was stored end the run.
  kNotStored = 5,
};
ZIMG_API const char* prewarm_end_name(PrewarmEnd end) noexcept;  // "all done", "pictures spent" …

struct PrewarmFailure {
  std::size_t item = 0;  // its place in the list, from 0
  ErrorCode code = ErrorCode::kInternal;
  std::string sentence;
};

struct PrewarmReport {
  PrewarmEnd end = PrewarmEnd::kAllDone;
  std::string note;           // why pictures that were to be stored are not; empty otherwise
  std::size_t listed = 0;     // items in all
  std::size_t different = 0;  // pictures that they ask for, one in two formats twice, but for those without a key
  std::size_t found = 0;      // there before this run, or once it was their turn: in another format, or drawn beside it
  std::size_t drawn = 0;      // and stored
  std::size_t unstored = 0;   // drawn and not kept: flat, too large for the cache, or kept from it by a keyword list
  std::size_t left = 0;       // not looked up, still missing, or dropped: what another run would draw
  std::uint64_t drawn_bytes = 0;
  double seconds = 0;
  std::vector<PrewarmFailure> failures;  // of single items, by their place
};

// Errors: kInvalidArgument for an option or an item out of bounds, before any work, and whatever says more than of one
// item (kNotFound, kBadModel, kUnsupported, kOutOfMemory, kIo, kInternal, kClosed). One that is refused, wrong or fails
// on the device is told in the report. Without a cache nothing is kept: the first drawing ends the run.
ZIMG_API PrewarmReport prewarm(Generator& generator, const std::vector<PrewarmItem>& items,
                               const PrewarmOptions& options = {});

}  // namespace v0
}  // namespace zimg
