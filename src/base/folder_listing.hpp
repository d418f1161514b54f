// What a folder holds.
#pragma once

#include <string>
#include <vector>

namespace zimg::base {

// The names in the folder `path`, sorted; none where it is not there or is no folder. Errors: kIo where it cannot be
// read.
std::vector<std::string> names_in_folder(const std::string& path);

}  // namespace zimg::base
