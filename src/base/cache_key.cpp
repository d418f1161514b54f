#include "zimg/cache_key.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace zimg {
inline namespace v0 {

std::optional<CacheKey> CacheKey::from_hex(std::string_view hex) {
  if (hex.size() != 2 * kSize) return std::nullopt;
  const auto bytes = base::from_hex(hex);
  if (!bytes) return std::nullopt;
  Digest digest{};
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return CacheKey(digest);
}

std::string CacheKey::hex() const {
  return base::to_hex(digest_.data(), digest_.size());
}

}  // namespace v0
}  // namespace zimg
