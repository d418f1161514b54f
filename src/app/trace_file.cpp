#include "app/trace_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

// Never waits, neither here for a reader of a pipe nor in write() for one that sleeps: both would be deaf to Ctrl-C.
int open_for_appending(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd >= 0) return fd;
  const int reason = errno;
  std::error_code ignored;
  if (reason == ENXIO && std::filesystem::is_fifo(path, ignored)) {
    throw Error(ErrorCode::kIo,
                "the trace file '" + path + "' is a pipe that nobody reads where one with a reader is expected");
  }
  throw base::system_error(ErrorCode::kIo, "cannot open the trace file", path, reason);
}

// False after an interrupt.
bool wait_for_room(int fd) {
  constexpr int kSliceMs = 50;
  pollfd output{fd, POLLOUT, 0};
  while (!interrupt_token().is_cancelled()) {
    if (::poll(&output, 1, kSliceMs) > 0) return true;
  }
  return false;
}

// While it lives, a reader that goes away is an error of this thread's write() and not the end of the process.
class BrokenPipeIsAnError {
 public:
  BrokenPipeIsAnError() {
    ::sigemptyset(&signal_);
    ::sigaddset(&signal_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~BrokenPipeIsAnError() {
    const timespec now{};
    ::sigtimedwait(&signal_, nullptr, &now);  // takes away what came meanwhile
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BrokenPipeIsAnError(const BrokenPipeIsAnError&) = delete;
  BrokenPipeIsAnError& operator=(const BrokenPipeIsAnError&) = delete;

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

// Why not all of `line` was written; 0 where it was. A regular file takes a line at once, so that it is not mixed with
// others' lines; a pipe may take it piece by piece.
int write_all(int fd, std::string_view line) {
  const BrokenPipeIsAnError scope;
  while (!line.empty()) {
    const ssize_t written = ::write(fd, line.data(), line.size());
    if (written >= 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      if (!wait_for_room(fd)) return EINTR;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

TraceFile::TraceFile(std::string path) : path_(std::move(path)), fd_(open_for_appending(path_)) {}

TraceFile::~TraceFile() {
  ::close(fd_);
}

void TraceFile::add(const TraceEvent& event) {
  const std::string line = trace_json(event) + "\n";
  const std::lock_guard lock(mutex_);
  const int failure = write_all(fd_, line);
  if (failure == 0 || has_failed_) return;
  has_failed_ = true;
  warn(base::system_error(ErrorCode::kIo, "cannot write all of the trace file", path_, failure).what());
}

}  // namespace zimg::app
