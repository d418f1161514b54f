// Where a file is to be written: looked at before the work, for what is wrong with it would else be told at the end.
#pragma once

#include <string>

namespace zimg::base {

// Errors: kInvalidArgument when `path` is empty; kIo when no file could be written there: its folder is missing or not
// writable, its name is too long, or something other than a file is there.
void check_output_path(const std::string& path);

// Where `path` leads, be there a file or not: renaming over a symbolic link would replace the link.
std::string resolved_path(const std::string& path);

}  // namespace zimg::base
