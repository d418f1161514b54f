// Which release of libtorch is that?
#pragma once

#include <string>

namespace zimg::generator {

// The release that this zimg's engine module was built with, for example "2.13.0"; "none" where it was not built.
extern const char kBuiltWithTorch[];

// The release of the installation that `library` (a path of libtorch_cpu.so) belongs to, as its own files say it,
// without a local part such as "+cpu"; empty when they do not.
std::string torch_release_of(const std::string& library);

}  // namespace zimg::generator
