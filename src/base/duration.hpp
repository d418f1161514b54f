// Durations as people write them: 500ms, 60s, 90m, 24h, 7d.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::base {

// In milliseconds, at least 1. Errors: kInvalidArgument naming `field`, what was found and what is expected.
std::int64_t parse_duration_ms(const std::string& field, const std::string& text);

}  // namespace zimg::base
