// The least that a program can do with libzimg: say which it is. bench_start measures how long that takes.
#include <cstdio>

#include "zimg/version.hpp"

int main() {
  std::puts(zimg::version());
  return 0;
}
