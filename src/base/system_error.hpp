// The one place where errno becomes an Error.
#pragma once

#include <string>

#include "zimg/error.hpp"

namespace zimg::base {

// An Error that reads "<what> '<path>': <the system's words for `error_number`>." kOutOfMemory for ENOMEM, else `code`.
Error system_error(ErrorCode code, const std::string& what, const std::string& path, int error_number);

}  // namespace zimg::base
