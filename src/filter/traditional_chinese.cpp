#include "filter/traditional_chinese.hpp"

#include <algorithm>
#include <string_view>

namespace zimg::filter {
namespace {

// kTraditional, ascending, and kSimplified: a character of the first is simplified to the one at the same place of the
// second. Made by simplified_table.cpp when zimg is built; both empty where OpenCC was not there.
#include "traditional_chinese_table.inc"

static_assert(kTraditional.size() == kSimplified.size());

}  // namespace

char32_t simplified(char32_t code) {
  const auto* const found = std::lower_bound(kTraditional.begin(), kTraditional.end(), code);
  if (found == kTraditional.end() || *found != code) return code;
  return kSimplified[static_cast<std::size_t>(found - kTraditional.begin())];
}

}  // namespace zimg::filter
