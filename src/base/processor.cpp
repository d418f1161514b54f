#include "base/processor.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace zimg::base {
namespace {

constexpr std::array<std::string_view, 10> kDeciding = {
    "vendor_id",       "cpu family",       "model",       "stepping", "cache size",
    "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision"};

template <class Names>
bool names(const Names& all, std::string_view name) {
  return std::find(std::begin(all), std::end(all), name) != std::end(all);
}

// Of a processor's flags, those that code for numbers asks for. The others change with the system's release.
bool computes(std::string_view flag) {
  constexpr std::array<std::string_view, 7> kBeginnings = {"sse", "avx", "amx", "asimd", "sve", "sme", "fphp"};
  constexpr std::array<std::string_view, 4> kWords = {"fma", "f16c", "bf16", "i8mm"};
  return names(kWords, flag) || std::any_of(kBeginnings.begin(), kBeginnings.end(),
                                            [&](std::string_view beginning) { return flag.starts_with(beginning); });
}

// In the order of the alphabet: the system's own may change.
std::string computing_flags(const std::string& all) {
  std::vector<std::string> found;
  std::istringstream flags(all);
  for (std::string flag; flags >> flag;) {
    if (computes(flag)) found.push_back(flag);
  }
  std::sort(found.begin(), found.end());
  std::string text;
  for (const std::string& flag : found) text += " " + flag;
  return text;
}

}  // namespace

std::string processor_identity(std::istream& cpuinfo) {
  std::string name = "unknown CPU";
  std::string details;
  for (std::string line; std::getline(cpuinfo, line) && !line.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string field = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    const std::string value = line.substr(std::min(line.size(), colon + 2));
    if (field == "model name") {
      if (!value.empty()) name = value;
    } else if (field == "flags" || field == "Features") {
      details += "flags" + computing_flags(value) + "\n";
    } else if (names(kDeciding, field)) {
      details += field + " " + value + "\n";
    }
  }
  return details.empty() ? name : name + " " + hex_of(sha256(details.data(), details.size())).substr(0, 8);
}

std::string processor_identity() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  return processor_identity(cpuinfo);
}

}  // namespace zimg::base
