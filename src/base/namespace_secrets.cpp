#include "base/namespace_secrets.hpp"

#include "base/namespace_name.hpp"
#include "zimg/error.hpp"

namespace zimg::base {

void check_namespace_secrets(const std::map<std::string, Bytes>& secrets) {
  for (const auto& [name_space, secret] : secrets) {
    if (const auto problem = namespace_name_problem(name_space)) {
      throw Error(ErrorCode::kInvalidArgument, "the namespace of a secret " + *problem);
    }
    if (secret.empty()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the secret of the namespace '" + name_space + "' is empty; at least one octet is expected");
    }
  }
}

}  // namespace zimg::base
