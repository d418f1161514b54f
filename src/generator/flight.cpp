#include "generator/flight.hpp"

#include <utility>

#include "generator/cancel_poll.hpp"

namespace zimg::generator {

std::unique_ptr<Flight::Seat> Flight::join(const std::shared_ptr<Flight>& flight, const Request& request,
                                           const CachePlan& plan) {
  const std::lock_guard lock(flight->mutex_);
  if (flight->abandoned_) return nullptr;
  if (flight->is_settled_ && ((plan.writes && !flight->wish_) || request.mode == CacheMode::kRefresh)) return nullptr;
  std::optional<StoreWish> wish;
  if (plan.writes && !flight->wish_) wish = wish_of(request, plan);
  std::list<Participant> aboard(1, {&request, nullptr, false});
  auto seat = std::make_unique<Seat>(flight, aboard.begin());
  // All that needs memory is there: who fails to join leaves nothing behind.
  if (wish) flight->wish_ = std::move(wish);
  if (flight->wish_ && request.mode == CacheMode::kRefresh) flight->wish_->refreshes = true;
  if (flight->wish_ && plan.writes && request.pin) flight->wish_->is_pinned = true;
  flight->participants_.splice(flight->participants_.end(), aboard);
  return seat;
}

void Flight::leave(Place place) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [place] { return !place->in_callback; });
  participants_.erase(place);
  if (participants_.empty() && !drawing_ && !failure_ && !is_elsewhere_) abandoned_ = true;
}

std::shared_ptr<const Drawing> Flight::Seat::wait() {
  return flight_->wait(*place_);
}

std::shared_ptr<const Drawing> Flight::wait(const Participant& participant) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (participant.callback_error) std::rethrow_exception(participant.callback_error);
    if (drawing_ || failure_ || is_elsewhere_) break;
    if (participant.request->cancel.is_cancelled()) throw Error(ErrorCode::kCancelled, "the request was cancelled");
    changed_.wait_for(lock, kCancelPoll);
  }
  if (failure_) throw Error(failure_->code, failure_->sentence);
  return drawing_;
}

std::optional<StoreWish> Flight::settle_wish() {
  const std::lock_guard lock(mutex_);
  is_settled_ = true;
  return wish_;
}

bool Flight::is_to_be_kept() const {
  const std::lock_guard lock(mutex_);
  return wish_.has_value();
}

void Flight::succeed(std::shared_ptr<const Drawing> drawing) {
  {
    const std::lock_guard lock(mutex_);
    drawing_ = std::move(drawing);
  }
  changed_.notify_all();
}

void Flight::fail(Failure failure) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  changed_.notify_all();
}

void Flight::land_elsewhere() {
  {
    const std::lock_guard lock(mutex_);
    is_elsewhere_ = true;
  }
  changed_.notify_all();
}

bool Flight::wants_preview() const {
  const std::lock_guard lock(mutex_);
  for (const Participant& participant : participants_) {
    if (participant.request->preview) return true;
  }
  return false;
}

void Flight::on_progress(const Progress& progress) {
  Progress without_preview;
  without_preview.step = progress.step;
  without_preview.steps = progress.steps;
  const std::lock_guard one_at_a_time(telling_);
  std::unique_lock lock(mutex_);
  for (Participant& participant : participants_) {  // others may join or leave meanwhile, this one stays
    const Request& request = *participant.request;
    if (!request.on_progress || participant.callback_error || request.cancel.is_cancelled()) continue;
    participant.in_callback = true;
    lock.unlock();
    std::exception_ptr error;
    try {
      request.on_progress(request.preview ? progress : without_preview);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    participant.callback_error = std::move(error);
    participant.in_callback = false;
    changed_.notify_all();
  }
}

bool Flight::is_cancelled() const {
  const std::lock_guard lock(mutex_);
  for (const Participant& participant : participants_) {
    if (!abandoned_ && !participant.request->cancel.is_cancelled()) return false;
  }
  abandoned_ = true;
  return true;
}

}  // namespace zimg::generator
