// A Gate holds threads up until it is opened. A gate that nobody opens lets them through after a minute, so that a test
// that has gone wrong fails and does not hang.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace zimg_test {

inline constexpr std::chrono::seconds kPatience{60};

class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  // Whether it was opened.
  bool pass() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this] { return is_open_; });
  }

  bool is_open() {
    const std::lock_guard lock(mutex_);
    return is_open_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

// Whether `claim` came true in time.
inline bool comes_true(const std::function<bool()>& claim) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!claim()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace zimg_test
