#include "capi/callback_scope.hpp"

#include <thread>

#include "capi/guard.hpp"

namespace zimg::capi {
namespace {

thread_local const CallbackScope* innermost = nullptr;

}  // namespace

CallbackScope::CallbackScope(const void* owner) noexcept : owner_(owner), outer_(innermost) {
  innermost = this;
}

CallbackScope::~CallbackScope() {
  innermost = outer_;
}

bool CallbackScope::is_inside() noexcept {
  return innermost != nullptr;
}

bool CallbackScope::is_inside(const void* owner) noexcept {
  for (const CallbackScope* scope = innermost; scope != nullptr; scope = scope->outer_) {
    if (scope->owner_ == owner || scope->owner_ == nullptr) return true;
  }
  return false;
}

void run_outside_of_callbacks(void (*action)(void* subject), void* subject) noexcept {
  if (!CallbackScope::is_inside()) return action(subject);
  guarded(nullptr, [&] { std::thread(action, subject).detach(); });
}

}  // namespace zimg::capi
