#include <atomic>
#include <utility>

#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

struct CancelToken::State {
  std::atomic<bool> is_cancelled{false};
  std::shared_ptr<const State> parent;  // null for most
};

CancelToken::CancelToken() : CancelToken(std::make_shared<State>()) {}
CancelToken::CancelToken(std::shared_ptr<State> state) : state_(std::move(state)) {}

void CancelToken::cancel() noexcept {
  if (state_) state_->is_cancelled.store(true, std::memory_order_release);
}

bool CancelToken::is_cancelled() const noexcept {
  const State* state = state_.get();  // null only where it was moved from
  while (state != nullptr && !state->is_cancelled.load(std::memory_order_acquire)) state = state->parent.get();
  return state != nullptr;
}

CancelToken CancelToken::child() const {
  auto state = std::make_shared<State>();
  state->parent = state_;
  return CancelToken(std::move(state));
}

}  // namespace v0
}  // namespace zimg
