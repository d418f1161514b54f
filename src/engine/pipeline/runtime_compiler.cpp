#include "engine/pipeline/runtime_compiler.hpp"

#include <dlfcn.h>
#include <glob.h>
#include <link.h>

#include <mutex>
#include <string>
#include <string_view>

namespace zimg::engine {
namespace {

constexpr std::string_view kLibrary = "/libtorch_cuda.so";

// Into a std::string the folder of the library, where the process has loaded it.
int note_folder(dl_phdr_info* info, std::size_t, void* folder) {
  const std::string_view path = info->dlpi_name;
  if (!path.ends_with(kLibrary)) return 0;
  *static_cast<std::string*>(folder) = path.substr(0, path.size() - kLibrary.size());
  return 1;
}

void load_all() {
  std::string folder;
  ::dl_iterate_phdr(note_folder, &folder);
  if (folder.empty()) return;
  // As wheels have it: torch/lib beside nvidia/cuda_nvrtc/lib or nvidia/cu13/lib.
  const std::string pattern = folder + "/../../nvidia/*/lib/libnvrtc*.so.*";
  ::glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const std::string_view path = found.gl_pathv[i];
      if (path.find(".alt.") == std::string_view::npos) ::dlopen(found.gl_pathv[i], RTLD_NOW | RTLD_LOCAL);  // stays
    }
  }
  ::globfree(&found);
}

}  // namespace

void load_runtime_compiler() {
  static std::once_flag once;
  std::call_once(once, load_all);
}

}  // namespace zimg::engine
