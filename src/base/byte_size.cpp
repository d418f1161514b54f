#include "base/byte_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "base/excerpt.hpp"
#include "zimg/error.hpp"

namespace zimg::base {

std::uint64_t parse_byte_size(const std::string& field, std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 10> kUnits{{{"", 1},
                                                                                      {"B", 1},
                                                                                      {"kB", 1000},
                                                                                      {"MB", 1000000},
                                                                                      {"GB", 1000000000},
                                                                                      {"TB", 1000000000000},
                                                                                      {"KiB", 1ull << 10},
                                                                                      {"MiB", 1ull << 20},
                                                                                      {"GiB", 1ull << 30},
                                                                                      {"TiB", 1ull << 40}}};
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(parsed.ptr - text.data()));
  const auto known = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& pair) { return pair.first == unit; });
  if (parsed.ec != std::errc{} || known == kUnits.end() ||
      number > std::numeric_limits<std::uint64_t>::max() / known->second) {
    throw Error(ErrorCode::kInvalidArgument,
                field + " is " + in_quotes(text) +
                    " where a whole number of bytes with a unit such as 512MiB, 10GiB or 10GB is expected");
  }
  return number * known->second;
}

}  // namespace zimg::base
