#include "base/memory_use.hpp"

#include <algorithm>
#include <fstream>
#include <limits>

namespace zimg::base {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// The names by which a version of control groups calls the same.
struct Hierarchy {
  const char* folder;
  const char* limit;
  const char* used;
  const char* files[2];  // of its memory.stat: file pages, which are given up before memory runs out
};
constexpr Hierarchy kUnified = {"/sys/fs/cgroup", "memory.max", "memory.current", {"inactive_file", "active_file"}};
constexpr Hierarchy kLegacy = {"/sys/fs/cgroup/memory",
                               "memory.limit_in_bytes",
                               "memory.usage_in_bytes",
                               {"total_inactive_file", "total_active_file"}};

// `otherwise` where the file is not there or holds no number, such as "max".
std::uint64_t number_in(const std::string& path, std::uint64_t otherwise) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? number : otherwise;
}

// The number behind the word that begins a line; 0 where there is none.
std::uint64_t number_behind(const std::string& path, const std::string& word) {
  std::ifstream file(path);
  for (std::string first, rest; file >> first; std::getline(file, rest)) {
    std::uint64_t number = 0;
    if (first == word) return file >> number ? number : 0;
  }
  return 0;
}

std::uint64_t left_in(const Hierarchy& names, const std::string& group) {
  const std::uint64_t limit = number_in(group + "/" + names.limit, kNoLimit);
  if (limit == kNoLimit) return kNoLimit;
  const std::uint64_t used = number_in(group + "/" + names.used, 0);
  std::uint64_t of_files = 0;
  for (const char* name : names.files) of_files += number_behind(group + "/memory.stat", name);
  const std::uint64_t kept = used - std::min(used, of_files);
  return limit - std::min(limit, kept);
}

// Of the group and those that it lies in: each may allow less. In a container the path may be that of the host, of
// which nothing is there but the root.
std::uint64_t left_in_all(const Hierarchy& names, const std::string& root, std::string path) {
  std::uint64_t left = kNoLimit;
  while (true) {
    left = std::min(left, left_in(names, root + names.folder + path));
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return left;
    path.resize(slash);
  }
}

bool names_memory(const std::string& controllers) {
  return ("," + controllers + ",").find(",memory,") != std::string::npos;
}

// "4:memory:/a/b" for each hierarchy; "0::/a/b" for the unified one.
std::uint64_t left_in_groups(const std::string& root) {
  std::ifstream groups(root + "/proc/self/cgroup");
  std::uint64_t left = kNoLimit;
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) left = std::min(left, left_in_all(kUnified, root, path));
    if (names_memory(controllers)) left = std::min(left, left_in_all(kLegacy, root, path));
  }
  return left;
}

}  // namespace

std::uint64_t available_memory(const std::string& root) {
  const std::uint64_t kibibytes = number_behind(root + "/proc/meminfo", "MemAvailable:");
  const std::uint64_t in_groups = left_in_groups(root);
  if (in_groups == kNoLimit) return kibibytes * 1024;
  const std::uint64_t left = kibibytes == 0 ? in_groups : std::min(kibibytes * 1024, in_groups);
  return std::max<std::uint64_t>(left, 1);  // none left is not unknown
}

std::uint64_t peak_memory() {
  return number_behind("/proc/self/status", "VmHWM:") * 1024;
}

}  // namespace zimg::base
