// How much of folding a text needs: one look at its octets saves most prompts all of it.
//
// Free function; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "zimg/request.hpp"

namespace zimg::key {

enum class Tidiness : std::uint8_t {
  kSettled,  // no step of the level changes it
  kTidy,     // no step up to normalized changes it or looks past it, but for the punctuation's
  kUntidy,   // any step may change it
};

// Never too high; kUntidy is also what is said of rarer characters. REQUIRES: `text` is valid UTF-8.
Tidiness tidiness_of(std::string_view text, MatchLevel level);

}  // namespace zimg::key
