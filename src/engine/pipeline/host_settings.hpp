// What a host has set in the libtorch that it shares with zimg: libtorch's settings are of the process, and a picture
// must not depend on them.
#pragma once

#include <cfenv>

namespace zimg::engine {

// While one lives, the settings by which libtorch computes otherwise are what they are in a process of its own: oneDNN
// on, products and convolutions of float32 in float32, no other algorithms; and cuDNN's algorithms are those that give
// the same each time. Then they are again what the host had.
//
// Any number at once, on any threads: the first sets, the last puts back. A host's own work meanwhile sees them; what a
// host sets meanwhile counts for the drawing, and is lost at its end.
class OwnSettings {
 public:
  OwnSettings();
  ~OwnSettings();
  OwnSettings(const OwnSettings&) = delete;
  OwnSettings& operator=(const OwnSettings&) = delete;
};

// While one lives, this thread has the floating-point environment that a process begins with: it rounds to the nearest
// and keeps the smallest numbers. And libtorch works on so many threads for it, or on as many as OpenMP gives it,
// however busy the machine is. The number is one of the process for threads that begin later: it is put back as well.
class OwnThread {
 public:
  explicit OwnThread(unsigned threads);
  ~OwnThread();
  OwnThread(const OwnThread&) = delete;
  OwnThread& operator=(const OwnThread&) = delete;

 private:
  int threads_before_;
  std::fenv_t floats_before_;
  int dynamic_before_;
};

// As many of so many threads as OpenMP gives a drawing, by its limit on threads and on levels of teams. Asked on a
// thread of its own, as drawings have: the caller's may be in a team, or have been set otherwise by the host.
unsigned threads_of_a_drawing(unsigned asked);

}  // namespace zimg::engine
