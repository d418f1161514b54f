// Asked between layers: is this drawing still wanted?
#pragma once

#include <functional>

#include "zimg/error.hpp"

namespace zimg::engine {

// Throws Error with code kCancelled when the drawing is not wanted any more.
using CheckCancelled = std::function<void()>;

}  // namespace zimg::engine
