#include "zimg/prewarm.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "generator/store_notes.hpp"
#include "image/image_writer.hpp"
#include "key/picture_key.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

constexpr unsigned kMaxAtOnce = 64;

using Clock = std::chrono::steady_clock;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

void check(const std::vector<PrewarmItem>& items, const PrewarmOptions& options) {
  if (options.at_once < 1 || options.at_once > kMaxAtOnce) {
    refuse("at_once is " + std::to_string(options.at_once) + " where 1 to 64 is expected");
  }
  if (options.budget_pictures == 0u) refuse("the budget is 0 pictures; at least 1 is expected");
  if (options.budget_bytes == 0u) refuse("the budget is 0 bytes; at least 1 is expected");
  if (options.budget_seconds && !(*options.budget_seconds > 0)) {  // NaN too
    refuse("the budget is " + std::to_string(*options.budget_seconds) + " seconds; more than 0 is expected");
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = "item " + std::to_string(i + 1);
    if (!std::isfinite(items[i].priority)) refuse(item + " has a priority that is no finite number");
    if (items[i].request.random_seed)
      refuse(item + " has a random seed, which is never found again; a number is expected");
  }
}

// What goes wrong with one request and says nothing of the next.
bool is_of_one_item(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kRefused || code == ErrorCode::kDevice;
}

// One call of prewarm(). What several threads touch is behind the mutex.
class Run {
 public:
  Run(Generator& generator, const std::vector<PrewarmItem>& items, const PrewarmOptions& options)
      : generator_(generator), items_(items), options_(options) {
    report_.listed = items.size();
    progress_.listed = items.size();
  }

  PrewarmReport report() {
    look_up_all();
    if (!is_over_) draw_all();
    if (error_) std::rethrow_exception(error_);
    report_.left += missing_.size() - std::min(missing_.size(), taken_) + given_up_;
    if (report_.end == PrewarmEnd::kAllDone && !report_.note.empty()) report_.end = PrewarmEnd::kNotStored;
    report_.seconds = seconds();
    std::sort(report_.failures.begin(), report_.failures.end(),
              [](const PrewarmFailure& one, const PrewarmFailure& other) { return one.item < other.item; });
    return std::move(report_);
  }

 private:
  struct Turn {
    std::size_t item;
    bool is_alone;  // no other thread of this run draws
  };

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  Request request_of(std::size_t item, CacheMode mode) const {
    Request request = items_[item].request;
    request.mode = mode;
    request.pin |= pinned_.count(item) != 0;
    request.cancel = options_.cancel;
    request.on_progress = nullptr;
    request.preview = false;
    return request;
  }

  // On the calling thread, before there are others.
  void look_up_all() {
    std::vector<std::size_t> order(items_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [this](std::size_t one, std::size_t other) {
      return items_[one].priority > items_[other].priority;
    });
    Seen seen;
    for (const std::size_t item : order) {
      if (is_stopped()) {
        report_.left += items_.size() - progress_.checked;
        return;
      }
      look_up(item, seen);
      report_.different = seen.size();
      ++progress_.checked;
      tell();
    }
    progress_.missing = missing_.size();
  }

  // By the hex of the key under which it is kept, the item that stands for all that are the same.
  using Seen = std::unordered_map<std::string, std::size_t>;

  void look_up(std::size_t item, Seen& seen) {
    try {
      const Request request = request_of(item, CacheMode::kNormal);
      // Where pictures are kept as they are delivered, one that is kept as a JPEG is not there for who asks for a PNG.
      const CacheKey delivered =
          key::entry_key(generator_.key(request), request.format, request.jpeg_quality, image::kEncoderVersion);
      const auto [first, is_new] = seen.emplace(delivered.hex(), item);
      if (!is_new) return request.pin ? pin(first->second) : void();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled) return note(item, error);
    }
    if (is_in_cache(item)) {
      ++report_.found;
      found_.insert(item);
    } else {
      missing_.push_back(item);
    }
  }

  // Pins it there, where the item is to be.
  bool is_in_cache(std::size_t item) {
    try {
      generator_.generate(request_of(item, CacheMode::kOnlyIfCached));
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNotFound && error.code() != ErrorCode::kCancelled) throw;
      return false;
    }
  }

  // Another line of the list asks for it: now, where it was found, or as it is drawn.
  void pin(std::size_t item) {
    const bool is_asked_for = items_[item].request.pin || !pinned_.insert(item).second;
    if (!is_asked_for && found_.count(item) != 0) is_in_cache(item);
  }

  void note(std::size_t item, const Error& error) {
    if (!is_of_one_item(error.code())) throw Error(error);
    report_.failures.push_back({item, error.code(), error.what()});
  }

  void draw_all() {
    const std::size_t count = std::clamp<std::size_t>(missing_.size(), 1, options_.at_once);
    drawers_ = count;
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < count; ++i) {
      try {
        others.emplace_back([this] { draw_on(); });
      } catch (const std::exception&) {
        break;  // no thread, or no memory for it: fewer will do
      }
    }
    {
      const std::lock_guard lock(mutex_);
      drawers_ -= count - 1 - others.size();
    }
    draw_on();
    for (std::thread& other : others) other.join();
  }

  // One of the threads that draw: one picture after another until there is a reason to stop, or one thread too many.
  void draw_on() {
    while (const std::optional<Turn> turn = take()) {
      try {
        if (!draw(*turn)) return;
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        is_over_ = true;
      }
    }
  }

  // None for a thread that is to end.
  std::optional<Turn> take() {
    const std::lock_guard lock(mutex_);
    if (!is_stopped() && taken_ < missing_.size()) return Turn{missing_[taken_++], drawers_ == 1};
    --drawers_;
    return std::nullopt;
  }

  // With the mutex, or before there are threads. Sets the reason the first time.
  bool is_stopped() {
    if (is_over_) return true;
    if (options_.cancel.is_cancelled()) return stop(PrewarmEnd::kCancelled);
    if (options_.budget_seconds && seconds() >= *options_.budget_seconds && is_any_left()) {
      return stop(PrewarmEnd::kSecondsSpent);
    }
    if (options_.budget_bytes && report_.drawn_bytes >= *options_.budget_bytes && is_any_left()) {
      return stop(PrewarmEnd::kBytesSpent);
    }
    // Those under way count: they are going to be drawn.
    if (options_.budget_pictures && taken_ - unspent_ >= *options_.budget_pictures && is_any_left()) {
      return stop(PrewarmEnd::kPicturesSpent);
    }
    return false;
  }

  bool is_any_left() const { return progress_.checked < items_.size() || taken_ < missing_.size(); }

  bool stop(PrewarmEnd end) {
    report_.end = end;
    is_over_ = true;
    return true;
  }

  // False: this thread is to end.
  bool draw(const Turn& turn) {
    std::optional<Result> result;
    std::optional<Error> failure;
    try {
      result = generator_.generate(request_of(turn.item, CacheMode::kNormal));
      generator_.drain();
      result->report.refresh_stored();
    } catch (const Error& error) {
      failure = error;
    }
    const std::lock_guard lock(mutex_);
    if (result) {
      if (result->report.store_note == generator::kDropped && !turn.is_alone) return put_back(turn.item);
      count(*result);
    } else if (failure->code() == ErrorCode::kCancelled) {
      ++given_up_;
      return true;
    } else {
      note(turn.item, *failure);
      ++unspent_;
    }
    ++progress_.done;
    tell();
    return true;
  }

  // To be drawn again, by one thread fewer: so many are more than the queue of stores takes. False: this one is to end.
  bool put_back(std::size_t item) {
    missing_.push_back(item);
    if (drawers_ == 1) return true;
    --drawers_;
    return false;
  }

  void count(const Result& result) {
    const Report& report = result.report;
    // Drawn meanwhile, for another format of it or beside this run.
    if (report.outcome == Outcome::kHit || (report.outcome == Outcome::kJoined && report.stored == Stored::kYes)) {
      ++report_.found;
      ++unspent_;
      return;
    }
    if (report.stored == Stored::kYes) {
      was_too_large_ = false;
      ++report_.drawn;
      report_.drawn_bytes += result.bytes->size();
      progress_.drawn_bytes = report_.drawn_bytes;
      return;
    }
    if (report.store_note == generator::kDropped) {  // by others that fill the queue: it may take the next
      ++given_up_;
      if (!is_over_) report_.note = report.store_note;  // else the note of the end stays
      return;
    }
    ++report_.unstored;
    if (report.is_flat || report.store_note == generator::kWithheld || is_over_) return;
    report_.note = report.store_note;
    // One that is too large says little of the next, but two of them with none between that was kept say much.
    if (report.store_note == generator::kTooLarge && !std::exchange(was_too_large_, true)) return;
    stop(PrewarmEnd::kNotStored);
  }

  void tell() const {
    if (options_.on_progress) options_.on_progress(progress_);
  }

  Generator& generator_;
  const std::vector<PrewarmItem>& items_;
  const PrewarmOptions& options_;
  const Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
  std::vector<std::size_t> missing_;        // in the order in which they are drawn
  std::unordered_set<std::size_t> found_;   // items that were there
  std::unordered_set<std::size_t> pinned_;  // items of which a later one of the list asks for a pin
  std::size_t taken_ = 0;                   // of missing_, handed to a thread
  std::size_t unspent_ = 0;                 // of these, not drawn after all
  std::size_t given_up_ = 0;                // of these, cancelled or dropped
  std::size_t drawers_ = 0;                 // threads that have not ended
  bool was_too_large_ = false;              // what was drawn last and not kept
  bool is_over_ = false;
  std::exception_ptr error_;
  PrewarmProgress progress_;
  PrewarmReport report_;
};

}  // namespace

const char* prewarm_end_name(PrewarmEnd end) noexcept {
  switch (end) {
    case PrewarmEnd::kAllDone:
      return "all done";
    case PrewarmEnd::kPicturesSpent:
      return "pictures spent";
    case PrewarmEnd::kSecondsSpent:
      return "seconds spent";
    case PrewarmEnd::kBytesSpent:
      return "bytes spent";
    case PrewarmEnd::kCancelled:
      return "cancelled";
    case PrewarmEnd::kNotStored:
      return "not stored";
  }
  return "unknown";
}

PrewarmReport prewarm(Generator& generator, const std::vector<PrewarmItem>& items, const PrewarmOptions& options) {
  check(items, options);
  return Run(generator, items, options).report();
}

}  // namespace v0
}  // namespace zimg
