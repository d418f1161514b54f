// Which libtorch an engine module would get, found without opening either.
//
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "generator/engine_module.hpp"

namespace zimg::generator {

// The libtorch_cpu.so of each folder that the dynamic loader would look into, in its order and with links resolved; it
// takes the first. The system's own folders are left out: which they are is the loader's business.
std::vector<std::string> torch_libraries_for(const EngineLocation& location);

}  // namespace zimg::generator
