#include <algorithm>
#include <string>

#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

std::string lower_case(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'F') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

}  // namespace

bool PurgeFilter::matches(const CacheKey& key, const EntryInfo& info) const {
  if (name_space && info.name_space != *name_space) return false;
  if (model && info.model != *model) return false;
  if (tag && info.tag != *tag) return false;
  if (stored_before_ms && info.stored_at_ms >= *stored_before_ms) return false;
  if (spares_pinned && info.is_pinned) return false;
  return key_prefix.empty() || key.hex().compare(0, key_prefix.size(), lower_case(key_prefix)) == 0;
}

std::uint64_t purge(ICache& cache, const PurgeFilter& filter) {
  const auto is_digit = [](char letter) {
    return std::string_view("0123456789abcdef").find(letter) != std::string::npos;
  };
  const std::string prefix = lower_case(filter.key_prefix);
  if (prefix.size() > 2 * CacheKey::kSize || !std::all_of(prefix.begin(), prefix.end(), is_digit)) {
    throw Error(ErrorCode::kInvalidArgument,
                "'" + filter.key_prefix + "' begins no key; up to 64 hexadecimal digits are expected");
  }
  return cache.erase_if(
      [&](const CacheKey& key, const EntryInfo& info, std::uint64_t) { return filter.matches(key, info); });
}

}  // namespace v0
}  // namespace zimg
