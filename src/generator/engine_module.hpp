// The engine module as libzimg sees it: found, opened once per process and never closed.
//
// Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "engine/engine_abi.h"
#include "zimg/error.hpp"

namespace zimg::generator {

struct EngineLocation {
  std::string module_path;  // of libzimg_torch.so
  std::string torch_path;   // a folder of libtorch to take in place of the module's RUNPATH; may be empty
};

// Finds the module: `engine_path` if given, else beside libzimg, else in the configured libdir; `torch_path` if given,
// else $ZIMG_TORCH. Opens nothing. Errors: kUnsupported naming the places that were searched, kNotFound for an explicit
// path.
EngineLocation locate_engine(const std::string& engine_path, const std::string& torch_path);

// The module's table. Errors: kUnsupported (cannot be opened, another ABI or release, another libtorch in the process).
const zimg_engine_table_v1& open_engine(const EngineLocation& location);

// Where in `torch_path` the libraries lie.
std::string library_folder_of_torch(const std::string& torch_path);

// The libtorch_cpu.so that this process has loaded; empty when it has none.
std::string loaded_torch_library();

// The one that it had loaded before it opened an engine module, which then shares it; empty when it had none.
std::string hosts_torch_library();

// The Error that a call through the table reported.
[[noreturn]] void throw_engine_error(int code, const zimg_engine_error& error);

}  // namespace zimg::generator
