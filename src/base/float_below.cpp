#include "base/float_below.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace zimg::base {

float float_below(double number) {
  const auto near = static_cast<float>(number);
  const float below =
      static_cast<double>(near) > number ? std::nextafter(near, -std::numeric_limits<float>::infinity()) : near;
  return below == 0 ? 0.0F : below;
}

std::string digits_above(float number) {
  std::array<char, 64> digits;
  for (int precision = 1;; ++precision) {
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<double>(number),
                                    std::chars_format::general, precision)
                          .ptr;
    double read = 0;
    std::from_chars(digits.data(), end, read);
    const bool is_exact = precision == std::numeric_limits<double>::max_digits10;
    if (is_exact || float_below(read) == number) return std::string(digits.data(), end);
  }
}

}  // namespace zimg::base
