#include "generator/engine_module.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "generator/library_folder.hpp"
#include "generator/torch_release.hpp"
#include "zimg/version.hpp"

namespace zimg::generator {
namespace {

constexpr char kModuleName[] = "libzimg_torch.so";

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

// Opened by absolute path first, these are what the module's own needs resolve to.
void preload_torch(const std::string& torch_path) {
  const std::string library_folder = library_folder_of_torch(torch_path);
  for (const char* name : {"libc10.so", "libtorch_cpu.so", "libtorch.so"}) {
    const std::string path = library_folder + "/" + name;
    if (::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
      throw Error(ErrorCode::kUnsupported, "the libtorch in '" + torch_path + "' cannot be opened: " + ::dlerror());
    }
  }
}

// A host may have its own libtorch. One of the same release is shared; two in one process cannot be. One that the
// module itself brought in, from where it was told or from its own RUNPATH, need not say which it is.
void refuse_other_release(const EngineLocation& location, bool is_hosts) {
  const std::string loaded = loaded_torch_library();
  if (loaded.empty()) return;
  const std::string release = torch_release_of(loaded);
  if (release == kBuiltWithTorch || (release.empty() && !is_hosts)) return;
  throw Error(ErrorCode::kUnsupported, "this process has loaded libtorch " +
                                           (release.empty() ? "of an unknown release" : release) + " from '" + loaded +
                                           "', but '" + location.module_path + "' was built with " + kBuiltWithTorch);
}

// Looks at no field that the module's table may not have.
void check_release(const zimg_engine_table_v1* table, const EngineLocation& location) {
  const bool has_version = table != nullptr && table->struct_size >= offsetof(zimg_engine_table_v1, numerics_version);
  if (!has_version || table->zimg_version == nullptr) {
    throw Error(ErrorCode::kUnsupported, "'" + location.module_path + "' is no engine module: its table is cut");
  }
  if (table->abi == ZIMG_ENGINE_ABI && table->struct_size >= sizeof(zimg_engine_table_v1) &&
      std::string(table->zimg_version) == version()) {
    return;
  }
  throw Error(ErrorCode::kUnsupported, "'" + location.module_path + "' is the engine of zimg " + table->zimg_version +
                                           ", ABI " + std::to_string(table->abi) + "; this is zimg " + version() +
                                           ", ABI " + std::to_string(ZIMG_ENGINE_ABI));
}

const zimg_engine_table_v1& open_module(const EngineLocation& location) {
  refuse_other_release(location, true);
  if (!location.torch_path.empty()) preload_torch(location.torch_path);
  void* module = ::dlopen(location.module_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    throw Error(ErrorCode::kUnsupported, std::string("the engine module cannot be opened: ") + ::dlerror());
  }
  refuse_other_release(location, false);
  using Entry = const zimg_engine_table_v1* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(module, ZIMG_ENGINE_ENTRY));
  if (entry == nullptr) {
    throw Error(ErrorCode::kUnsupported,
                "'" + location.module_path + "' is no engine module: it has no " ZIMG_ENGINE_ENTRY);
  }
  const zimg_engine_table_v1* table = entry();
  check_release(table, location);
  return *table;
}

// Per process as the dynamic loader's own list is; a module once opened is never closed.
struct Opened {
  std::mutex mutex;
  std::map<std::string, const zimg_engine_table_v1*> tables;  // guarded by mutex
  std::optional<std::string> hosts_torch;                     // guarded by mutex; set before the first is opened
};

Opened& opened() {
  static Opened of_process;
  return of_process;
}

}  // namespace

EngineLocation locate_engine(const std::string& engine_path, const std::string& torch_path) {
  EngineLocation location;
  const char* torch_variable = std::getenv("ZIMG_TORCH");
  location.torch_path = !torch_path.empty() ? torch_path : torch_variable != nullptr ? torch_variable : "";
  if (!engine_path.empty()) {
    if (!exists(engine_path)) throw Error(ErrorCode::kNotFound, "there is no engine module at '" + engine_path + "'");
    location.module_path = engine_path;
    return location;
  }
  std::vector<std::string> places;
  if (const std::string own = library_folder(); !own.empty()) places = {own, own + "/../lib"};
  places.emplace_back(ZIMG_ENGINE_LIBDIR);
  for (const std::string& place : places) {
    location.module_path = place + "/" + kModuleName;
    if (exists(location.module_path)) return location;
  }
  std::string searched;
  for (const std::string& place : places) searched += (searched.empty() ? "'" : ", '") + place + "'";
  throw Error(ErrorCode::kUnsupported,
              std::string("the engine module ") + kModuleName + ", which draws, is in none of " + searched);
}

const zimg_engine_table_v1& open_engine(const EngineLocation& location) {
  const std::lock_guard lock(opened().mutex);
  if (!opened().hosts_torch) opened().hosts_torch = loaded_torch_library();
  const zimg_engine_table_v1*& table = opened().tables[location.module_path];
  if (table == nullptr) table = &open_module(location);
  return *table;
}

std::string library_folder_of_torch(const std::string& torch_path) {
  return exists(torch_path + "/lib") ? torch_path + "/lib" : torch_path;
}

std::string hosts_torch_library() {
  const std::lock_guard lock(opened().mutex);
  return opened().hosts_torch ? *opened().hosts_torch : loaded_torch_library();
}

std::string loaded_torch_library() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto slash = line.find('/');
    if (slash == std::string::npos) continue;
    const std::string path = line.substr(slash);
    // One that was replaced while it is loaded has the kernel's mark behind its name.
    if (path.ends_with("/libtorch_cpu.so") || path.ends_with("/libtorch_cpu.so (deleted)")) return path;
  }
  return "";
}

void throw_engine_error(int code, const zimg_engine_error& error) {
  const std::string message(error.message, ::strnlen(error.message, sizeof(error.message)));
  const auto known = static_cast<ErrorCode>(code);
  if (std::string(error_code_name(known)) != "unknown") throw Error(known, message);
  throw Error(ErrorCode::kInternal, "the engine reported error " + std::to_string(code) + ": " + message);
}

}  // namespace zimg::generator
