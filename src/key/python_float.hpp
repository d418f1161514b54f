// Decimal numbers as Python prints them.
#pragma once

#include <string>
#include <string_view>

namespace zimg::key {

// repr(float(number)): the shortest digits that name the same double, "1e-05", "7.0", "-Infinity" as json.dumps has it.
// REQUIRES: `number` is a number of JSON.
std::string python_float(std::string_view number);

}  // namespace zimg::key
