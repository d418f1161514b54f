// The exit codes of the program, as scripts rely on them.
#pragma once

namespace zimg::app {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kWrongUse = 2,
  kMissed = 3,         // draw --only-if-cached: the picture is not in the cache
  kInterrupted = 130,  // as a shell reports SIGINT
};

}  // namespace zimg::app
