#include "generator/work_queue.hpp"

#include <utility>

namespace zimg::generator {

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkQueue::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (max_pending_ != 0 && pending_ >= max_pending_) return false;
  if (idle_ <= tasks_.size() && threads_.size() < max_threads_) threads_.emplace_back([this] { run(); });
  tasks_.push_back(std::move(task));
  ++pending_;
  changed_.notify_all();
  return true;
}

void WorkQueue::drain() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_ == 0; });
}

void WorkQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;  // closing, and all is done
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes before it counts as done
    lock.lock();
    --pending_;
    changed_.notify_all();
  }
}

}  // namespace zimg::generator
