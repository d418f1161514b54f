// What an exception of somebody else's code (a cache, a pipeline) says.
#pragma once

#include <exception>
#include <string>

namespace zimg::generator {

// Short enough for a string that allocates nothing: what is told where there is no memory to tell more.
inline constexpr const char* kNoMemory = "out of memory";

// `before`, and what() of the exception that is being handled; a sentence of our own for one that has none.
inline std::string text_of_current_exception(const char* before = "") noexcept {
  try {
    try {
      throw;
    } catch (const std::exception& e) {
      return std::string(before) + e.what();
    } catch (...) {
      return std::string(before) + "what was thrown is no std::exception";
    }
  } catch (...) {
    return kNoMemory;
  }
}

}  // namespace zimg::generator
