#include "base/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace zimg::base {

Error system_error(ErrorCode code, const std::string& what, const std::string& path, int error_number) {
  const ErrorCode actual = error_number == ENOMEM ? ErrorCode::kOutOfMemory : code;
  return Error(actual, what + " '" + path + "': " + std::generic_category().message(error_number));
}

}  // namespace zimg::base
