// A TraceFile takes down what happens to requests: one JSON object a line, appended, so that several runs may share
// one.
//
// Thread-safe. A line that cannot be written is warned about once and costs no picture. A pipe that is full is waited
// for, until an interrupt (interrupt.hpp).
#pragma once

#include <mutex>
#include <string>

#include "zimg/trace.hpp"

namespace zimg::app {

class TraceFile {
 public:
  // Opens `path`, created with mode 0600 when absent. Errors: kIo, also for a pipe that nobody reads.
  explicit TraceFile(std::string path);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  void add(const TraceEvent& event);

 private:
  const std::string path_;
  int fd_;
  std::mutex mutex_;
  bool has_failed_ = false;
};

}  // namespace zimg::app
