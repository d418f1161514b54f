// Ctrl-C: the first one asks the work to stop, the second ends the process at once, unless a TidyEnd is alive.
//
// SIGTERM counts as one, and so does a hang-up, SIGHUP, unless it was ignored at the start (nohup). Free functions;
// thread-safe after listen_for_interrupts().
#pragma once

#include "zimg/request.hpp"

namespace zimg::app {

// Call once, before any work.
void listen_for_interrupts();

// Cancelled by the first signal.
const CancelToken& interrupt_token();

// While one is alive, no signal ends the process at once: for work that must remove what it half-wrote, gigabytes
// perhaps.
class TidyEnd {
 public:
  TidyEnd();
  ~TidyEnd();
  TidyEnd(const TidyEnd&) = delete;
  TidyEnd& operator=(const TidyEnd&) = delete;
};

// Errors: kCancelled when a signal has come. For loops and progress callbacks between pieces of work.
void stop_if_interrupted();

}  // namespace zimg::app
