#include <atomic>

#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

struct CancelToken::State {
  std::atomic<bool> is_cancelled{false};
};

CancelToken::CancelToken() : state_(std::make_shared<State>()) {}

void CancelToken::cancel() noexcept {
  if (state_) state_->is_cancelled.store(true, std::memory_order_release);
}

bool CancelToken::is_cancelled() const noexcept {
  return state_ && state_->is_cancelled.load(std::memory_order_acquire);  // null only where it was moved from
}

}  // namespace v0
}  // namespace zimg
