// The header of an entry as octets: what every backend writes before or beside the payload. docs/store-format.md is the
// reference.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/drawing_limits.hpp"
#include "base/namespace_name.hpp"
#include "zimg/bytes.hpp"
#include "zimg/cache.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

inline constexpr std::uint16_t kEntrySchema = 1;
inline constexpr std::size_t kNameSpaceLimit = base::kNamespaceNameLimit;
inline constexpr std::size_t kModelLimit = base::kLongestModelName;
inline constexpr std::size_t kTagLimit = 255;  // bytes
// No header of any schema is longer, so that it always lies inside one page of the tree.
inline constexpr std::size_t kHeaderLimit = 1024;  // bytes

// What an encrypted entry holds in place of its payload's digest.
struct EntrySeal {
  std::array<std::uint8_t, 12> nonce{};
  std::array<std::uint8_t, 16> tag{};
  CacheKey::Digest digest{};  // encrypted
};

struct EntryHeader {
  EntryInfo info;
  std::uint64_t id = 0;  // names the payload's chunks where they lie apart from the header
  std::uint64_t payload_bytes = 0;
  std::uint64_t payload_checksum = 0;  // XXH3, of the encrypted octets where there is a seal
  std::optional<EntrySeal> seal;       // AES-256-GCM; info.payload_sha256 is all zero then
};

enum class HeaderState : std::uint8_t {
  kSound = 0,
  kDamaged = 1,  // to be erased and drawn again
  kNewer = 2,    // of a schema that this reader does not know: a miss, left alone
};

// Throws Error kInvalidArgument when `entry` breaks a limit of EntryInfo or has no payload.
void check_limits(const CacheEntry& entry);

// The header for `entry` under a chunk id: sets the checksum, and digest and time where they are missing.
EntryHeader make_header(const CacheEntry& entry, std::int64_t now_ms);

Bytes encode_header(const CacheKey& key, const EntryHeader& header);

// Reads `size` octets that should be the header of `key`. `out` is set when kSound.
HeaderState decode_header(const std::uint8_t* data, std::size_t size, const CacheKey& key, EntryHeader& out);

// Fields at places that no schema ever moves, so that any reader may evict and erase what it cannot decode, and
// spare what is pinned. To pin it is not for this reader: it does not know how its header is checked.
struct HeaderPrefix {
  std::uint64_t id = 0;
  bool is_pinned = false;
};
std::optional<HeaderPrefix> decode_prefix(const std::uint8_t* data, std::size_t size);

// The key that a header repeats; nullopt where there is no header.
std::optional<CacheKey> decode_key(const std::uint8_t* data, std::size_t size);

// Milliseconds of Unix time.
std::int64_t unix_now_ms();
// By the policy's clock, where it has one.
std::int64_t now_ms(const CachePolicy& policy);

inline bool is_expired(const EntryInfo& info, std::int64_t now_ms) {
  return info.expires_at_ms != 0 && now_ms >= info.expires_at_ms;
}

}  // namespace zimg::cache
