// How long a program runs that is linked with libzimg and prints its version, from its start to its end, beside one
// that is not linked with it. Prints a line; see docs/performance.md.
//
//   bench_start [runs]
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double run_ms(const std::string& program) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  char* const arguments[] = {const_cast<char*>(program.c_str()), nullptr};
  pid_t child = 0;
  const auto start = Clock::now();
  const int failure = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
  int status = 0;
  const bool is_done = failure == 0 && ::waitpid(child, &status, 0) == child && status == 0;
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  ::posix_spawn_file_actions_destroy(&actions);
  if (!is_done) {
    std::fprintf(stderr, "%s could not be run\n", program.c_str());
    std::exit(1);
  }
  return ms;
}

double median(std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 200;
  if (runs < 1) {
    std::fprintf(stderr, "the number of runs is '%s' where a whole number above 0 is expected\n", argv[1]);
    return 2;
  }
  std::string folder = argv[0];
  folder.resize(folder.rfind('/') + 1);
  std::vector<double> linked;
  std::vector<double> bare;
  for (int i = 0; i < runs; ++i) {  // in turn, so that both meet the same machine
    linked.push_back(run_ms(folder + "bench_start_version"));
    bare.push_back(run_ms(folder + "bench_start_bare"));
  }
  const double with = median(linked);
  const double without = median(bare);
  std::printf("start to end, median of %d: %.2f ms with libzimg, %.2f ms without; best %.2f ms and %.2f ms\n", runs,
              with, without, linked.front(), bare.front());
  return 0;
}
