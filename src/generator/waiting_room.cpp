#include "generator/waiting_room.hpp"

#include <chrono>
#include <system_error>
#include <utility>

namespace zimg::generator {
namespace {

constexpr std::chrono::milliseconds kPause{5};

}  // namespace

bool WaitingRoom::admit(Guest guest) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return false;
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      return false;
    }
  }
  guests_.push_back(std::move(guest));
  changed_.notify_all();
  return true;
}

void WaitingRoom::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  guests_.clear();
}

void WaitingRoom::run() {
  std::unique_lock lock(mutex_);
  while (!is_closed_) {
    if (guests_.empty()) {
      changed_.wait(lock, [this] { return is_closed_ || !guests_.empty(); });
      continue;
    }
    std::list<Guest> asked = std::move(guests_);
    guests_.clear();
    lock.unlock();
    asked.remove_if([](const Guest& guest) { return guest(); });
    lock.lock();
    guests_.splice(guests_.begin(), asked);
    if (!guests_.empty()) changed_.wait_for(lock, kPause, [this] { return is_closed_; });
  }
}

}  // namespace zimg::generator
