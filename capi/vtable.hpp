// Reading a struct that the caller filled, of this header's size or another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "capi/handle.hpp"

namespace zimg::capi {

// The largest struct_size that is taken for one: a struct of a header far in the future is smaller.
inline constexpr std::size_t kStructSizeLimit = 64 * 1024;

// A copy of `vtable` in this header's size: what the caller's does not have is NULL. Its first `required_size` bytes
// must be there. Errors: kInvalidArgument for NULL and for a size that is none.
template <class Vtable>
Vtable copy_of_struct(const Vtable* vtable, std::size_t required_size) {
  required_pointer(vtable, "vtable");
  std::size_t size = 0;
  std::memcpy(&size, vtable, sizeof(size));  // struct_size comes first
  if (size < required_size || size > kStructSizeLimit || size % sizeof(void*) != 0) {
    throw Error(ErrorCode::kInvalidArgument, "the vtable's struct_size is " + std::to_string(size) +
                                                 "; the sizeof of the struct, at least " +
                                                 std::to_string(required_size) + ", is expected");
  }
  Vtable copy{};
  std::memcpy(&copy, vtable, std::min(size, sizeof(copy)));
  return copy;
}

// Errors: kInvalidArgument naming the function where it is NULL.
template <class Function>
void require_function(Function function, const char* name) {
  if (function != nullptr) return;
  throw Error(ErrorCode::kInvalidArgument,
              std::string("the vtable's function '") + name + "' is NULL; a function is expected");
}

}  // namespace zimg::capi
