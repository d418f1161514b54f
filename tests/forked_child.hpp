// Runs code in a child of fork().
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace zimg_test {

inline constexpr int kThrew = 99;

// Whether every other thread of this process sleeps.
inline bool is_alone_awake() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const std::string id = task.path().filename();
    if (id == std::to_string(::gettid())) continue;
    std::ifstream file(task.path() / "stat");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    const auto name_end = line.rfind(')');  // "ID (NAME) STATE …"
    if (name_end != std::string::npos && line.compare(name_end, 3, ") S") != 0) return false;
  }
  return true;
}

// The C library's allocator is whole in a child, whatever other threads did at the time of the fork. A sanitizer's is
// not: a child would wait for ever for a lock that another thread held.
inline void wait_until_a_fork_is_safe() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  while (!is_alone_awake()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
#endif
}

// What `body` returns in the child; kThrew if it threw, minus the signal that ended it, and so -SIGALRM after a minute:
// a child that waits for a thread that is not there is ended, and seen.
template <class Body>
int in_child(Body&& body) {
  wait_until_a_fork_is_safe();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    int code = kThrew;
    try {
      code = body();
    } catch (const std::exception&) {  // told by the code
    }
    ::_exit(code);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return kThrew;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace zimg_test
