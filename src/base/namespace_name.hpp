// The name of a namespace: 1 to 64 of A-Z a-z 0-9 . _ @ : - and nothing else. Keys, caches and rules all ask here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zimg::base {

inline constexpr std::size_t kNamespaceNameLimit = 64;  // bytes

// What is wrong with `name` and what is expected, to be read behind what it names, such as "the namespace"; nullopt
// where it is right. Never holds the name.
std::optional<std::string> namespace_name_problem(std::string_view name);

inline bool is_namespace_name(std::string_view name) {
  return !namespace_name_problem(name);
}

}  // namespace zimg::base
