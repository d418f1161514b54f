// How often whoever waits for something else looks whether its request is cancelled. A token is a flag that a signal
// handler may set: nobody can notify us, so we look.
#pragma once

#include <chrono>

namespace zimg::generator {

inline constexpr std::chrono::milliseconds kCancelPoll{10};

}  // namespace zimg::generator
