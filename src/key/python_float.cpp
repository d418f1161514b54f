#include "key/python_float.hpp"

#include <charconv>
#include <cstdlib>
#include <string>

#include "zimg/error.hpp"

namespace zimg::key {
namespace {

// What is beyond a double's range, by the power of ten of its first digit: infinite or nothing.
std::string out_of_range(std::string_view number) {
  const bool is_negative = number.front() == '-';
  if (is_negative) number.remove_prefix(1);
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, exponent_at);
  std::string_view exponent = number.substr(std::min(exponent_at + 1, number.size()));
  const bool is_small = !exponent.empty() && exponent.front() == '-';
  if (!exponent.empty() && (exponent.front() == '-' || exponent.front() == '+')) exponent.remove_prefix(1);
  long long power = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  if (read.ec == std::errc::result_out_of_range) power = 1'000'000'000'000'000;
  if (is_small) power = -power;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  power += static_cast<long long>(point) - static_cast<long long>(first);
  return std::string(is_negative ? "-" : "") + (power > 0 ? "Infinity" : "0.0");
}

// `digits` (one, then perhaps a point and more) times ten to the `power`, as float.__repr__ lays it out.
std::string laid_out(std::string digits, int power) {
  if (digits.size() > 1) digits.erase(1, 1);  // the point
  if (power < -4 || power >= 16) {
    if (digits.size() > 1) digits.insert(1, ".");
    const std::string size = std::to_string(std::abs(power));
    return digits + (power < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
  }
  if (power < 0) return "0." + std::string(static_cast<std::size_t>(-power - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(power) + 1;
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0') + ".0";
  return digits.insert(whole, ".");
}

}  // namespace

std::string python_float(std::string_view number) {
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec == std::errc::result_out_of_range) return out_of_range(number);
  if (value == 0) return number.front() == '-' ? "-0.0" : "0.0";
  char shortest[40];
  const auto end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
  std::string_view written(shortest, static_cast<std::size_t>(end - shortest));
  const bool is_negative = written.front() == '-';
  if (is_negative) written.remove_prefix(1);
  const std::size_t exponent = written.find('e');
  const int power = std::atoi(std::string(written.substr(exponent + 1)).c_str());
  return (is_negative ? "-" : "") + laid_out(std::string(written.substr(0, exponent)), power);
}

}  // namespace zimg::key
