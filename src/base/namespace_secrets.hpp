// What is wrong with the secrets of namespaces, wherever they are handed over.
#pragma once

#include <map>
#include <string>

#include "zimg/bytes.hpp"

namespace zimg::base {

// A secret under a name that no namespace can have would be one of no picture, and those that were meant would lie
// there without. Errors: kInvalidArgument for such a name and for an empty secret.
void check_namespace_secrets(const std::map<std::string, Bytes>& secrets);

}  // namespace zimg::base
