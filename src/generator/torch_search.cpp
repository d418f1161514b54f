#include "generator/torch_search.hpp"

#include <cstdlib>
#include <memory>

#include "generator/run_path.hpp"

namespace zimg::generator {
namespace {

// An empty entry is the working folder, and both characters part them.
std::vector<std::string> folders_of_environment() {
  const char* value = std::getenv("LD_LIBRARY_PATH");
  std::vector<std::string> folders;
  if (value == nullptr || *value == '\0') return folders;
  folders.emplace_back();
  for (const char* at = value; *at != '\0'; ++at) {
    if (*at == ':' || *at == ';') {
      folders.emplace_back();
    } else {
      folders.back() += *at;
    }
  }
  for (std::string& folder : folders) {
    if (folder.empty()) folder = ".";
  }
  return folders;
}

std::vector<std::string> folders_for(const EngineLocation& location) {
  if (!location.torch_path.empty()) return {library_folder_of_torch(location.torch_path)};
  std::vector<std::string> folders = folders_of_environment();
  const std::vector<std::string> own = run_path_of(location.module_path);
  folders.insert(folders.end(), own.begin(), own.end());
  return folders;
}

}  // namespace

std::vector<std::string> torch_libraries_for(const EngineLocation& location) {
  std::vector<std::string> libraries;
  for (const std::string& folder : folders_for(location)) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(
        ::realpath((folder + "/libtorch_cpu.so").c_str(), nullptr), &std::free);
    if (resolved) libraries.emplace_back(resolved.get());
  }
  return libraries;
}

}  // namespace zimg::generator
