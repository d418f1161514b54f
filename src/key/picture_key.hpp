// The picture key: SHA-256, or HMAC-SHA-256 under a namespace's secret, of length-framed, typed, versioned fields.
// docs/key-format.md is the reference.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "key/canonical_request.hpp"
#include "zimg/cache_key.hpp"
#include "zimg/generator.hpp"

namespace zimg::key {

inline constexpr std::uint16_t kKeySchema = 1;

// Who draws: what the picture depends on besides the request.
struct DrawerIdentity {
  std::array<std::uint8_t, 32> model{};  // model identity
  std::string engine;  // fingerprint text, for example "zimg-numerics=2;device=cpu;text=bf16;denoiser=bf16;vae=bf16"
};

// The octets that are hashed: "zimg-key" ‖ u16 schema ‖ live fields in tag order.
Bytes key_message(const CanonicalRequest& request, const DrawerIdentity& drawer);
// `secret` is that of the request's namespace; null where it has none.
CacheKey picture_key(const CanonicalRequest& request, const DrawerIdentity& drawer, const Bytes* secret = nullptr);

// The key of an entry derived from the picture: SHA-256 of picture key ‖ format fields ‖ encoder version. The PNG
// itself stands under the picture key.
CacheKey entry_key(const CacheKey& picture, ImageFormat format, int jpeg_quality, std::uint32_t encoder_version);

// Every field, live or dead, for `zimg key --explain`.
std::vector<KeyField> explain(const CanonicalRequest& request, const DrawerIdentity& drawer, const Request& asked);

}  // namespace zimg::key
