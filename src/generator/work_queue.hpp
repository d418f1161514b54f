// A WorkQueue runs tasks in the order in which they came on a fixed number of threads, started when first needed.
//
// Thread-safe. The destructor runs what is queued to its end. A task must not throw.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace zimg::generator {

class WorkQueue {
 public:
  using Task = std::function<void()>;

  // `max_threads` is at least 1; `max_pending` bounds the tasks that wait or run, 0 is no bound.
  WorkQueue(unsigned max_threads, std::size_t max_pending) : max_threads_(max_threads), max_pending_(max_pending) {}
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // False, and the task is dropped, when `max_pending` tasks wait or run already. Errors: kOutOfMemory when the system
  // gives not even one thread.
  bool post(Task task);

  // Waits for the tasks that were posted before it, and for no later one.
  void drain();

 private:
  struct Posted {
    std::uint64_t ticket;
    Task task;
  };

  void start_thread();
  void run();

  const unsigned max_threads_;
  const std::size_t max_pending_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Posted> tasks_;
  std::uint64_t next_ticket_ = 0;
  std::set<std::uint64_t> pending_;  // the tickets of the tasks that wait or run
  std::size_t idle_ = 0;             // threads that wait for a task
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace zimg::generator
