// Completion for shells, made of what the help says: commands, options, and files where a value is one.
#pragma once

#include <string>

#include "app/command_line.hpp"

namespace zimg::app {

// To be sourced, or put as `zimg` where bash-completion looks. Needs bash 4 and no package.
std::string bash_completion(const CommandText& program);

// To be put as `_zimg` into a folder of zsh's fpath.
std::string zsh_completion(const CommandText& program);

}  // namespace zimg::app
