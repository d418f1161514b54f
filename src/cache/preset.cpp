#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/namespace_name.hpp"
#include "zimg/error.hpp"
#include "zimg/policy.hpp"

namespace zimg {
inline namespace v0 {
namespace {

constexpr std::array<std::pair<std::string_view, Preset>, 4> kNames{{{"public-demo", Preset::kPublicDemo},
                                                                     {"personal", Preset::kPersonal},
                                                                     {"batch", Preset::kBatch},
                                                                     {"ab-test", Preset::kAbTest}}};
constexpr std::string_view kUserPrefix = "user:";
constexpr std::int64_t kDayMs = 86400000;
constexpr std::int64_t kMinuteMs = 60000;

bool is_name(const std::string& user) {
  return !user.empty() && base::is_namespace_name(std::string(kUserPrefix) + user);
}

NamespaceRule rule_of(Preset preset, const std::string& user) {
  switch (preset) {
    case Preset::kPublicDemo:
      return {"public", 0, 0, kDayMs};
    case Preset::kPersonal:
      return {std::string(kUserPrefix) + user, 0, 0, 0};
    case Preset::kBatch:
      return {"batch", 0, 0, 0};
    case Preset::kAbTest:
      return {"ab-test", 0, 0, kMinuteMs};
  }
  throw Error(ErrorCode::kInvalidArgument,
              "the preset is number " + std::to_string(static_cast<int>(preset)) + "; 0 to 3 are expected");
}

}  // namespace

std::optional<Preset> preset_named(const std::string& name) {
  const auto known = std::find_if(kNames.begin(), kNames.end(), [&](const auto& pair) { return pair.first == name; });
  if (known == kNames.end()) return std::nullopt;
  return known->second;
}

void apply_preset(Preset preset, const std::string& user, Request& request, CachePolicy& policy) {
  if (preset == Preset::kPersonal && !is_name(user)) {
    throw Error(ErrorCode::kInvalidArgument,
                "the preset personal needs a user's name of 1 to 59 letters, digits, '.', '_', '@', ':' or '-'");
  }
  if (preset != Preset::kPersonal && !user.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "a user goes with the preset personal alone; none is expected here");
  }
  const NamespaceRule rule = rule_of(preset, user);
  policy.namespaces.erase(
      std::remove_if(policy.namespaces.begin(), policy.namespaces.end(),
                     [&](const NamespaceRule& other) { return other.name_space == rule.name_space; }),
      policy.namespaces.end());
  policy.namespaces.push_back(rule);
  request.name_space = rule.name_space;
}

}  // namespace v0
}  // namespace zimg
