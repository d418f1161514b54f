// What an exception of somebody else's code (a cache, a pipeline) says.
#pragma once

#include <exception>
#include <string>

namespace zimg::generator {

// what() of the exception that is being handled; a sentence of our own for one that has none.
inline std::string text_of_current_exception() {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "what was thrown is no std::exception";
  }
}

}  // namespace zimg::generator
