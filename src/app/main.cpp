// The zimg program: a thin user of the public API.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/zimg_program.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

int exit_code_of(ErrorCode code) {
  if (code == ErrorCode::kInvalidArgument) return kWrongUse;
  return code == ErrorCode::kCancelled ? kInterrupted : kFailed;
}

// Ends the process where all that is to be done is done, without the destructors of the libraries that it opened:
// libtorch's take longer than drawing a small picture does. A leak sanitizer looks in an ordinary end.
int end(int code) {
#ifndef __SANITIZE_ADDRESS__
  std::_Exit(code);
#endif
  return code;
}

// A caller may have closed them; the next file that is opened would take their numbers, and what is printed would be
// written into it. What is opened here takes no output either, but says so.
void occupy_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) == -1)
      static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

int run_program(int argc, char** argv) {
  ZimgProgram program;
  const Run run = program.parse(argc, argv);
  if (run == nullptr) return kDone;
  listen_for_interrupts();
  const int code = run();
  finish_printing();
  return end(code);
}

}  // namespace
}  // namespace zimg::app

int main(int argc, char** argv) {
  using namespace zimg::app;
  occupy_standard_streams();
  try {
    return run_program(argc, argv);
  } catch (const zimg::Error& error) {
    complain(error.what());
    return exit_code_of(error.code());
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(error.what());
  }
  return kFailed;
}
