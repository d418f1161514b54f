// Where this library lies: what else it needs is looked for from there.
#pragma once

#include <string>

namespace zimg::generator {

// The folder of libzimg, or of the program that it is linked into; empty where the dynamic loader does not tell.
std::string library_folder();

}  // namespace zimg::generator
