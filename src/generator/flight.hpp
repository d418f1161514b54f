// A Flight is one drawing that several equal requests wait for. It ends when its picture is stored, or cannot be.
//
// Thread-safe. The drawing runs on a thread of its own, so that every participant may leave when its request is
// cancelled; when the last one has left, the drawing is cancelled.
#pragma once

#include <condition_variable>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "generator/cache_plan.hpp"
#include "generator/drawing.hpp"
#include "zimg/error.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/request.hpp"

namespace zimg::generator {

// Why a drawing ended without a picture. Each request throws an Error of its own made from it: an exception object that
// several threads share is more than a caller expects.
struct Failure {
  ErrorCode code;
  std::string sentence;
};

class Flight final : public IDrawingObserver {
 public:
  struct Participant {
    const Request* request;
    std::exception_ptr callback_error;  // what its progress callback threw: its own failure, nobody else's
    bool in_callback = false;           // it stays while its callback runs, so that none runs for an answered request
  };
  using Place = std::list<Participant>::iterator;

  // One request's seat. Leaves when it goes.
  class Seat {
   public:
    Seat(std::shared_ptr<Flight> flight, Place place) : flight_(std::move(flight)), place_(place) {}
    ~Seat() { flight_->leave(place_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    // The drawing, or the error that ended it, or kCancelled as soon as this request's token says so. Null when the
    // picture was drawn elsewhere and stands in the cache.
    std::shared_ptr<const Drawing> wait();

   private:
    std::shared_ptr<Flight> flight_;
    Place place_;
  };

  // Null when this flight will not do: it is being given up because nobody is left who wants it, it keeps nothing where
  // `plan` does, or its picture was drawn before a request that refreshes. `request` outlives the seat.
  static std::unique_ptr<Seat> join(const std::shared_ptr<Flight>& flight, const Request& request,
                                    const CachePlan& plan);

  // Called once by the drawing thread when the picture is there: how it is to be kept, if at all.
  std::optional<StoreWish> settle_wish();

  // Whether what is drawn is to be kept, as far as is known before settle_wish().
  bool is_to_be_kept() const;

  // One of them is called once by the drawing thread.
  void succeed(std::shared_ptr<const Drawing> drawing);
  void fail(Failure failure);
  void land_elsewhere();

  // IDrawingObserver, on the drawing thread, or those of a pipeline that has several.
  bool wants_preview() const override;
  void on_progress(const Progress& progress) override;
  bool is_cancelled() const override;

 private:
  void leave(Place place);
  std::shared_ptr<const Drawing> wait(const Participant& participant);

  std::mutex telling_;        // held while callbacks run, so that a request has one at a time
  mutable std::mutex mutex_;  // not held while a callback runs
  std::condition_variable changed_;
  std::list<Participant> participants_;
  mutable bool abandoned_ = false;  // once the pipeline may have been told to stop, nobody joins any more
  std::optional<StoreWish> wish_;   // of the first participant that keeps; any of them may refresh or pin
  bool is_settled_ = false;         // the picture is there, and it is known whether it is kept
  std::shared_ptr<const Drawing> drawing_;
  std::optional<Failure> failure_;
  bool is_elsewhere_ = false;
};

}  // namespace zimg::generator
