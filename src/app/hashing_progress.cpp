#include "app/hashing_progress.hpp"

#include "app/interrupt.hpp"

namespace zimg::app {

std::function<void(std::uint64_t, std::uint64_t)> hashing_shown_on(ProgressBar& bar) {
  return [&bar](std::uint64_t done_bytes, std::uint64_t total_bytes) {
    if (done_bytes < total_bytes) {
      bar.show_bytes("reading the model", done_bytes, total_bytes);
    } else {
      bar.clear();
    }
    stop_if_interrupted();
  };
}

}  // namespace zimg::app
