#include <atomic>

#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

// A lone flag, so that cancel() may be called from a signal handler.
struct CancelToken::State {
  std::atomic<bool> cancelled{false};
};
static_assert(std::atomic<bool>::is_always_lock_free);

CancelToken::CancelToken() : state_(std::make_shared<State>()) {}

void CancelToken::cancel() noexcept {
  state_->cancelled.store(true, std::memory_order_release);
}

bool CancelToken::is_cancelled() const noexcept {
  return state_->cancelled.load(std::memory_order_acquire);
}

}  // namespace v0
}  // namespace zimg
