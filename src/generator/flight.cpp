#include "generator/flight.hpp"

#include <chrono>
#include <vector>

#include "zimg/error.hpp"

namespace zimg::generator {
namespace {

// A token is a flag that a signal handler may set: nobody can notify us, so we look.
constexpr std::chrono::milliseconds kCancelPoll{10};

}  // namespace

std::unique_ptr<Flight::Seat> Flight::join(const std::shared_ptr<Flight>& flight, const Request& request) {
  const std::lock_guard lock(flight->mutex_);
  if (flight->abandoned_) return nullptr;
  flight->participants_.push_back({&request, nullptr});
  return std::make_unique<Seat>(flight, std::prev(flight->participants_.end()));
}

void Flight::leave(Place place) {
  const std::lock_guard no_callback_runs(callbacks_);
  const std::lock_guard lock(mutex_);
  participants_.erase(place);
  if (participants_.empty() && !drawing_ && !error_) abandoned_ = true;
}

std::shared_ptr<const Drawing> Flight::Seat::wait() {
  return flight_->wait(*place_);
}

std::shared_ptr<const Drawing> Flight::wait(const Participant& participant) {
  std::unique_lock lock(mutex_);
  while (!drawing_ && !error_) {
    if (participant.callback_error) std::rethrow_exception(participant.callback_error);
    if (participant.request->cancel.is_cancelled()) throw Error(ErrorCode::kCancelled, "the request was cancelled");
    changed_.wait_for(lock, kCancelPoll);
  }
  if (error_) std::rethrow_exception(error_);
  return drawing_;
}

void Flight::succeed(std::shared_ptr<const Drawing> drawing) {
  {
    const std::lock_guard lock(mutex_);
    drawing_ = std::move(drawing);
  }
  changed_.notify_all();
}

void Flight::fail(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
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
  const std::lock_guard running(callbacks_);  // nobody leaves meanwhile, so places stay good; newcomers join at the end
  std::vector<Participant*> participants;
  {
    const std::lock_guard lock(mutex_);
    for (Participant& participant : participants_) participants.push_back(&participant);
  }
  Progress without_preview = progress;
  without_preview.preview.clear();
  without_preview.preview_width = without_preview.preview_height = 0;
  for (Participant* participant : participants) {
    const Request& request = *participant->request;
    if (!request.on_progress) continue;
    try {
      request.on_progress(request.preview ? progress : without_preview);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      participant->callback_error = std::current_exception();
    }
  }
}

bool Flight::is_cancelled() const {
  const std::lock_guard lock(mutex_);
  if (participants_.empty()) return true;
  for (const Participant& participant : participants_) {
    if (!participant.request->cancel.is_cancelled()) return false;
  }
  return true;
}

}  // namespace zimg::generator
