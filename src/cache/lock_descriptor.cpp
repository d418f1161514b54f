#include "cache/lock_descriptor.hpp"

#include <pthread.h>
#include <unistd.h>

#include <mutex>

namespace zimg::cache {

// All of this process, in a chain that takes no memory of its own. Never destroyed: they may outlive static objects.
struct LockDescriptors {
  std::mutex mutex;
  LockDescriptor* first = nullptr;  // guarded by mutex, as the links are

  void add(LockDescriptor& one) noexcept {
    one.next_ = first;
    if (first != nullptr) first->previous_ = &one;
    first = &one;
  }
  void remove(LockDescriptor& one) noexcept {
    if (one.previous_ != nullptr) one.previous_->next_ = one.next_;
    if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
    if (first == &one) first = one.next_;
  }
  void close_all() noexcept {
    for (LockDescriptor* one = first; one != nullptr; one = one->next_) {
      if (one->fd_ >= 0) ::close(one->fd_);
      one->fd_ = -1;
    }
  }
};

namespace {

LockDescriptors& descriptors() {
  static LockDescriptors& instance = *new LockDescriptors;
  return instance;
}

void hold_descriptors() {
  descriptors().mutex.lock();
}
void release_descriptors() {
  descriptors().mutex.unlock();
}
void close_descriptors() {
  descriptors().close_all();
  descriptors().mutex.unlock();
}

}  // namespace

void keep_locks_out_of_children() {
  static const int installed = [] {
    descriptors();  // made before a fork asks for them
    return pthread_atfork(hold_descriptors, release_descriptors, close_descriptors);
  }();
  static_cast<void>(installed);
}

LockDescriptor::LockDescriptor(const std::string& path, int folder) noexcept {
  keep_locks_out_of_children();
  const std::lock_guard lock(descriptors().mutex);  // around the opening, too: no fork comes between
  descriptors().add(*this);
  fd_ = ::openat(folder, path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

LockDescriptor::~LockDescriptor() {
  const std::lock_guard lock(descriptors().mutex);
  descriptors().remove(*this);
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace zimg::cache
