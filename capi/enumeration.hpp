// Numbers from C as enumerators of C++.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "zimg/error.hpp"

namespace zimg::capi {

// `number` as a `T`, whose enumerators are `first` to `last` without a gap. Errors: kInvalidArgument naming the
// argument.
template <class T>
T enumerator(std::int32_t number, T first, T last, const char* name) {
  static_assert(std::is_enum_v<T>);
  const auto low = static_cast<std::int32_t>(first);
  const auto high = static_cast<std::int32_t>(last);
  if (number < low || number > high) {
    throw Error(ErrorCode::kInvalidArgument, std::string("the argument '") + name + "' is " + std::to_string(number) +
                                                 "; " + std::to_string(low) + " to " + std::to_string(high) +
                                                 " are expected");
  }
  return static_cast<T>(number);
}

}  // namespace zimg::capi
