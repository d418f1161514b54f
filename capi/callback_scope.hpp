// Which callbacks of the host this thread is in. A call that would wait for itself is refused there, and what would
// join a thread or end a generator is left to another thread.
//
// The one thing of the C API that hangs off a thread and not off a handle, because it is a property of the thread.
#pragma once

namespace zimg::capi {

class CallbackScope {
 public:
  // `owner` is who waits for the callback; null where that may be any generator.
  explicit CallbackScope(const void* owner) noexcept;
  ~CallbackScope();
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

  // Of this thread: in any callback; in one that `owner` waits for, or may wait for.
  static bool is_inside() noexcept;
  static bool is_inside(const void* owner) noexcept;

 private:
  const void* owner_;
  const CallbackScope* outer_;
};

// Around a callback that a cache waits for, whichever: no cache is closed in it.
class CacheCallbackScope : CallbackScope {
 public:
  CacheCallbackScope() noexcept : CallbackScope(&kOwner) {}
  static bool is_inside() noexcept { return CallbackScope::is_inside(&kOwner); }

 private:
  static constexpr char kOwner = 0;
};

// Runs `action` on this thread, or on one of its own where this one is in a callback. What cannot be run for want of a
// thread is left undone, which leaks it and breaks nothing.
void run_outside_of_callbacks(void (*action)(void* subject), void* subject) noexcept;

}  // namespace zimg::capi
