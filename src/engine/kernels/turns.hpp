// Work that libtorch's threads take a piece at a time: where the system halts one of them, as it does on a busy
// machine, the others go on with what is left. Halves dealt out beforehand would all wait for the slowest.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace zimg::engine::kernels {

// Hands out 0 … count - 1, each to one thread.
class Turns {
 public:
  explicit Turns(std::int64_t count) : count_(count) {}
  // False when nothing is left.
  bool take(std::int64_t& piece) {
    piece = next_.fetch_add(1, std::memory_order_relaxed);
    return piece < count_;
  }

 private:
  std::int64_t count_;
  std::atomic<std::int64_t> next_{0};
};

// Calls `work(turns)` on as many threads as `count` pieces are worth, `fewest` of which are worth one.
template <class Work>
void take_turns(std::int64_t count, std::int64_t fewest, Work&& work) {
  Turns turns(count);
  const std::int64_t threads = std::min<std::int64_t>(at::get_num_threads(), (count + fewest - 1) / fewest);
  at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) { work(turns); });
}

}  // namespace zimg::engine::kernels
