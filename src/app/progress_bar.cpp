#include "app/progress_bar.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace zimg::app {
namespace {

constexpr std::size_t kMostBarColumns = 30;
constexpr std::chrono::milliseconds kBetweenWrites{50};

// Of the terminal as it is now; one that does not tell is as wide as usual.
std::size_t columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

// " [###...]" in at most `room` columns; nothing where they are too few to show a bar: the numbers say more.
std::string bar(std::uint64_t done, std::uint64_t total, std::size_t room) {
  constexpr std::size_t kFrame = 3;
  constexpr std::size_t kLeast = 3;
  if (room < kFrame + kLeast) return "";
  const std::size_t length = std::min(room - kFrame, kMostBarColumns);
  const std::size_t filled = done >= total ? length : static_cast<std::size_t>(done * length / total);
  return " [" + std::string(filled, '#') + std::string(length - filled, '.') + "]";
}

}  // namespace

ProgressBar::ProgressBar() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::show(const std::string& what, std::uint64_t done, std::uint64_t total, const std::string& unit) {
  if (!is_terminal_ || total == 0) return;
  const auto now = Clock::now();
  const bool is_new = what != what_ || done < last_done_;
  if (is_new) {
    what_ = what;
    start_ = now;
    first_done_ = done;
  }
  last_done_ = done;
  if (!is_new && done < total && now - last_write_ < kBetweenWrites) return;
  last_write_ = now;
  const std::string amount =
      what + " " + std::to_string(done) + "/" + std::to_string(total) + (unit.empty() ? "" : " " + unit);
  const std::string left = time_left(done, total);
  const std::size_t room = columns() - 1;
  const std::string numbers = amount.size() + left.size() <= room ? amount + left : amount;
  const std::size_t free = room - std::min(room, numbers.size());
  write(numbers.substr(0, what.size()) + bar(done, total, free) + numbers.substr(what.size()));
}

void ProgressBar::show_bytes(const std::string& what, std::uint64_t done_bytes, std::uint64_t total_bytes) {
  constexpr std::uint64_t kMegabyte = 1000000;
  show(what, done_bytes / kMegabyte, total_bytes / kMegabyte, "MB");
}

void ProgressBar::show(const std::string& what) {
  if (!is_terminal_) return;
  what_ = what;
  write(what + " ...");
}

void ProgressBar::clear() {
  if (shown_ > 0) write("");
  what_.clear();
}

std::string ProgressBar::time_left(std::uint64_t done, std::uint64_t total) const {
  if (done <= first_done_ || done >= total) return "";
  const std::chrono::duration<double> spent = Clock::now() - start_;
  const double left = spent.count() / static_cast<double>(done - first_done_) * static_cast<double>(total - done);
  char words[48];
  if (left < 9.95) {
    std::snprintf(words, sizeof words, "  %.1f s left", left);
  } else if (left < 120) {
    std::snprintf(words, sizeof words, "  %.0f s left", left);
  } else {
    std::snprintf(words, sizeof words, "  %.0f min left", left / 60);
  }
  return words;
}

// A line that does not fit goes on in the next one, which no carriage return takes back.
void ProgressBar::write(const std::string& whole) {
  const std::string line = whole.substr(0, columns() - 1);
  const std::size_t blanks = shown_ > line.size() ? shown_ - line.size() : 0;
  std::fprintf(stderr, "\r%s%s%s", line.c_str(), std::string(blanks, ' ').c_str(), line.empty() ? "\r" : "");
  std::fflush(stderr);
  shown_ = line.size();
}

}  // namespace zimg::app
