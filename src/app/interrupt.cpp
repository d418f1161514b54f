#include "app/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "app/exit_code.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

std::atomic<CancelToken*> listening{nullptr};
std::atomic<int> tidying{0};

CancelToken& token() {
  static CancelToken one;
  return one;
}

extern "C" void on_signal(int signal) {
  CancelToken* const one = listening.load();
  if (one != nullptr && !one->is_cancelled()) return one->cancel();  // one store to an atomic flag, as handlers may do
  if (signal != SIGHUP && tidying == 0) ::_exit(kInterrupted);  // of one hang-up both the shell and the kernel tell
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void listen_for_interrupts() {
  listening = &token();
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;  // reads and writes under way go on; the token is asked between pieces of work
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  if (!is_ignored(SIGHUP)) ::sigaction(SIGHUP, &action, nullptr);
  ::signal(SIGXFSZ, SIG_IGN);  // a file at the limit of its size is then an error, which names it
}

const CancelToken& interrupt_token() {
  return token();
}

TidyEnd::TidyEnd() {
  ++tidying;
}

TidyEnd::~TidyEnd() {
  --tidying;
}

void stop_if_interrupted() {
  if (token().is_cancelled()) throw Error(ErrorCode::kCancelled, "interrupted");
}

}  // namespace zimg::app
