// One line on stderr that shows how far the work is; nothing where stderr is not a terminal.
//
// One thread at a time. The line is gone when the bar is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace zimg::app {

class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `what` is a word or two, "drawing"; the counts are in `unit`, "" or "MB". A smaller `done` than the last starts the
  // clock anew.
  void show(const std::string& what, std::uint64_t done, std::uint64_t total, const std::string& unit);
  // The same for counts of bytes, in megabytes.
  void show_bytes(const std::string& what, std::uint64_t done_bytes, std::uint64_t total_bytes);
  // Words without a bar, for work of unknown length.
  void show(const std::string& what);
  // Takes the line away so that something else can be written.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::string time_left(std::uint64_t done, std::uint64_t total) const;
  void write(const std::string& whole);

  bool is_terminal_;
  std::size_t shown_ = 0;  // columns on the line now
  std::string what_;
  std::uint64_t first_done_ = 0;
  std::uint64_t last_done_ = 0;
  Clock::time_point start_;
  Clock::time_point last_write_;
};

}  // namespace zimg::app
