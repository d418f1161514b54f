// Bugs that the crash tests must be seen to catch. Each is built into every one of them and sleeps until the variable
// ZIMG_PLANTED_BUG names it; docs/operations.md lists them. tests.cmake runs each and expects the check that fails.
#pragma once

#include <string_view>

namespace zimg_crash {

// Whether ZIMG_PLANTED_BUG is `name`.
bool has_planted_bug(std::string_view name) noexcept;

}  // namespace zimg_crash
