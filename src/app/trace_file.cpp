#include "app/trace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "app/messages.hpp"
#include "base/system_error.hpp"

namespace zimg::app {

TraceFile::TraceFile(std::string path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (fd_ < 0) throw base::system_error(ErrorCode::kIo, "cannot open the trace file", path_, errno);
}

TraceFile::~TraceFile() {
  ::close(fd_);
}

void TraceFile::add(const TraceEvent& event) {
  const std::string line = trace_json(event) + "\n";
  const std::lock_guard lock(mutex_);
  ssize_t written = 0;
  do {
    written =
        ::write(fd_, line.data(), line.size());  // whole: what is appended at once is not mixed with others' lines
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(line.size()) || has_failed_) return;
  has_failed_ = true;
  warn(base::system_error(ErrorCode::kIo, "cannot write all of the trace file", path_, written < 0 ? errno : ENOSPC)
           .what());
}

}  // namespace zimg::app
