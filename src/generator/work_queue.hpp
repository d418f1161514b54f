// A WorkQueue runs tasks in the order in which they came on a fixed number of threads, started when first needed.
//
// Thread-safe. The destructor runs what is queued to its end. A task must not throw.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zimg::generator {

class WorkQueue {
 public:
  using Task = std::function<void()>;

  // `max_pending` bounds the tasks that wait or run; 0 is no bound.
  WorkQueue(unsigned max_threads, std::size_t max_pending) : max_threads_(max_threads), max_pending_(max_pending) {}
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // False, and the task is dropped, when `max_pending` tasks wait or run already.
  bool post(Task task);

  // Waits until nothing waits or runs.
  void drain();

 private:
  void run();

  const unsigned max_threads_;
  const std::size_t max_pending_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::size_t pending_ = 0;  // waiting and running
  std::size_t idle_ = 0;     // threads that wait for a task
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace zimg::generator
