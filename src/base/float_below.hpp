// Numbers that floats are compared with: a float exceeds the largest float that is not above a number exactly where it
// exceeds the number, which the nearest float may lie above.
#pragma once

#include <string>

namespace zimg::base {

// The largest float that is not above `number`, in any rounding mode; 0 for -0. REQUIRES: a number within the range of
// floats.
float float_below(double number);

// The fewest digits of which float_below makes `number` again: 0.6, not 0.59999996, which would give the float before.
std::string digits_above(float number);

}  // namespace zimg::base
