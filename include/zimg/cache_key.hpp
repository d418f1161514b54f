// CacheKey names one picture: 32 bytes, the SHA-256 (or HMAC-SHA-256) of a canonical request.
//
// A value: it copies, compares and orders. Const-safe. docs/key-format.md tells how the bytes are made.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

class ZIMG_API CacheKey {
 public:
  static constexpr std::size_t kSize = 32;  // bytes
  using Digest = std::array<std::uint8_t, kSize>;

  explicit CacheKey(const Digest& digest) noexcept : digest_(digest) {}

  // The key written as 64 hexadecimal digits of either case; nullopt if `hex` is anything else.
  static std::optional<CacheKey> from_hex(std::string_view hex);

  const Digest& digest() const noexcept { return digest_; }

  // 64 lower-case hexadecimal digits.
  std::string hex() const;

  friend bool operator==(const CacheKey& a, const CacheKey& b) noexcept { return a.digest_ == b.digest_; }
  friend bool operator!=(const CacheKey& a, const CacheKey& b) noexcept { return !(a == b); }
  friend bool operator<(const CacheKey& a, const CacheKey& b) noexcept { return a.digest_ < b.digest_; }

 private:
  Digest digest_;
};

}  // namespace v0
}  // namespace zimg

template <>
struct std::hash<zimg::CacheKey> {
  std::size_t operator()(const zimg::CacheKey& key) const noexcept {
    std::size_t value = 0;  // the digest is uniform already: its first bytes are as good a hash as any
    for (std::size_t i = 0; i < sizeof(value); ++i) value = (value << 8) | key.digest()[i];
    return value;
  }
};
