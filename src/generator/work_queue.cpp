#include "generator/work_queue.hpp"

#include <system_error>
#include <utility>

#include "base/scope_exit.hpp"
#include "zimg/error.hpp"

namespace zimg::generator {

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

// Without another thread the ones there are do the work, only later.
void WorkQueue::start_thread() {
  try {
    threads_.emplace_back([this] { run(); });
  } catch (const std::system_error& e) {
    if (!threads_.empty()) return;
    throw Error(ErrorCode::kOutOfMemory, std::string("the system gives no thread to work on: ") + e.what());
  }
}

bool WorkQueue::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (max_pending_ != 0 && pending_.size() >= max_pending_) return false;
  if (idle_ <= tasks_.size() && threads_.size() < max_threads_) start_thread();
  const std::uint64_t ticket = next_ticket_++;
  tasks_.push_back({ticket, std::move(task)});
  base::ScopeExit take_back([this] { tasks_.pop_back(); });  // where memory runs out: all of it or nothing
  pending_.insert(pending_.end(), ticket);
  take_back.dismiss();
  changed_.notify_all();
  return true;
}

void WorkQueue::drain() {
  std::unique_lock lock(mutex_);
  const std::uint64_t end = next_ticket_;
  changed_.wait(lock, [this, end] { return pending_.empty() || *pending_.begin() >= end; });
}

void WorkQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;  // closing, and all is done
    Posted next = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    next.task();
    next.task = nullptr;  // what it holds goes before it counts as done
    lock.lock();
    pending_.erase(next.ticket);
    changed_.notify_all();
  }
}

}  // namespace zimg::generator
