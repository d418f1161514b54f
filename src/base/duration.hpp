// Durations as people write them: 500ms, 60s, 90m, 24h, 7d.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::base {

// What a picture may be kept for: 100 years of 365.25 days, so that no sum with a time of day overflows.
inline constexpr std::int64_t kLongestTtlMs = std::int64_t{100} * 36525 * 24 * 36000;

// In milliseconds, at least 1. Errors: kInvalidArgument naming `field`, what was found and what is expected.
std::int64_t parse_duration_ms(const std::string& field, const std::string& text);

}  // namespace zimg::base
