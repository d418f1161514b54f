#include "base/duration.hpp"

#include <charconv>
#include <limits>
#include <string_view>

#include "zimg/error.hpp"

namespace zimg::base {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr Unit kUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

}  // namespace

std::int64_t parse_duration_ms(const std::string& field, const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& known : kUnits) {
    if (failure != std::errc() || number < 1 || unit != known.name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / known.ms) break;
    return number * known.ms;
  }
  throw Error(ErrorCode::kInvalidArgument,
              field + " is '" + text + "' where a duration above 0 such as 60s, 90m, 24h or 7d is expected");
}

}  // namespace zimg::base
