// The secret of a namespace, out of a file.
#pragma once

#include <string>

#include "zimg/cache.hpp"

namespace zimg::app {

// Of `name_space`, as the file says; none where `path` is empty. A line break at the end, which editors write, is no
// part of it. Errors: kInvalidArgument for an empty or too large file; kNotFound, kIo.
NamespaceSecrets secrets_of(const std::string& name_space, const std::string& path);

// Whether the last cache of `url` has the option "encrypt=1".
bool is_encrypting(const std::string& url);

// `url` with "encrypt=1" among the options of its last cache. Errors: kInvalidArgument where it says encrypt=0.
std::string encrypting(const std::string& url);

}  // namespace zimg::app
