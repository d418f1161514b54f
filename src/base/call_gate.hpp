// CallGate lets calls through until it is closed; who closes it waits until those inside have come out.
//
// Any thread may pass and close. A forked child must not close a gate of its parent's: threads that the child lacks may
// stand inside for ever.
#pragma once

#include <atomic>
#include <cstdint>

namespace zimg::base {

class CallGate {
 public:
  // True: the caller is inside and leaves by leave().
  bool enter() noexcept {
    if ((state_.fetch_add(1, std::memory_order_acquire) & kClosed) == 0) return true;
    leave();
    return false;
  }
  void leave() noexcept {
    if (state_.fetch_sub(1, std::memory_order_release) == kClosed + 1) state_.notify_all();
  }
  // True for the one call that closed it. Returns once nobody is inside.
  bool close() noexcept {
    const bool is_first = (state_.fetch_or(kClosed, std::memory_order_acq_rel) & kClosed) == 0;
    for (std::uint64_t state = state_.load(std::memory_order_acquire); state != kClosed;
         state = state_.load(std::memory_order_acquire)) {
      state_.wait(state, std::memory_order_acquire);
    }
    return is_first;
  }

 private:
  static constexpr std::uint64_t kClosed = std::uint64_t{1} << 63;
  std::atomic<std::uint64_t> state_{0};  // how many are inside, and whether the gate is closed
};

}  // namespace zimg::base
