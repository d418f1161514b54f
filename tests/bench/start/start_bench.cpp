// How long a program runs that is linked with libzimg and prints its version, from its start to its end, beside one
// that is not linked with it. Prints a table; see docs/performance.md.
//
//   bench_start [runs]
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/times.hpp"

namespace {

double run_us(const std::string& program) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  char* const arguments[] = {const_cast<char*>(program.c_str()), nullptr};
  pid_t child = 0;
  const auto start = zimg_bench::Clock::now();
  const int failure = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
  int status = 0;
  const bool is_done = failure == 0 && ::waitpid(child, &status, 0) == child && status == 0;
  const double us = zimg_bench::microseconds_since(start);
  ::posix_spawn_file_actions_destroy(&actions);
  if (!is_done) {
    std::fprintf(stderr, "%s could not be run\n", program.c_str());
    std::exit(1);
  }
  return us;
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
  zimg_bench::Times linked, bare;
  for (int i = 0; i < runs; ++i) {  // in turn, so that both meet the same machine
    linked.add(run_us(folder + "bench_start_version"));
    bare.add(run_us(folder + "bench_start_bare"));
  }
  zimg_bench::print("a program with libzimg", 0, linked);
  zimg_bench::print("the same without", 0, bare);
  return 0;
}
