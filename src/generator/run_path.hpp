// The folders in which a shared library says that what it needs is to be looked for: its DT_RUNPATH, read from its
// file, since to ask the dynamic loader would be to load it.
//
// Thread-safe.
#pragma once

#include <string>
#include <vector>

namespace zimg::generator {

// In their order, with $ORIGIN replaced. Empty where there are none, or where `library` is no such file of this
// machine's kind. Throws nothing but std::bad_alloc.
std::vector<std::string> run_path_of(const std::string& library);

}  // namespace zimg::generator
