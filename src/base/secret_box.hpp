// AES-256-GCM (NIST SP 800-38D) over octets that come in pieces, and HKDF-SHA-256 (RFC 5869), which makes its keys.
// OpenSSL computes them; nothing of OpenSSL shows here.
//
// One thread at a time. Errors: kInternal when OpenSSL refuses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace zimg::base {

using SecretKey = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 12>;
using Tag = std::array<std::uint8_t, 16>;

// 32 octets that follow from `secret`, another 32 for each `purpose`.
SecretKey derive_key(const void* secret, std::size_t secret_size, std::string_view salt, std::string_view purpose);

// A nonce that was never used, by chance: under one key, not after 2^32 of them.
Nonce random_nonce();

class SecretBox {
 public:
  enum class Way : bool { kSeal, kOpen };

  // `bound` is not encrypted, but opening fails unless it is the same.
  SecretBox(Way way, const SecretKey& key, const Nonce& nonce, const void* bound, std::size_t bound_size);
  ~SecretBox();
  SecretBox(const SecretBox&) = delete;
  SecretBox& operator=(const SecretBox&) = delete;

  // Writes as many octets as it reads; `out` may be `in`.
  void update(const std::uint8_t* in, std::uint8_t* out, std::size_t size);
  Tag tag();                          // ends sealing
  bool is_authentic(const Tag& tag);  // ends opening: what came out is to be believed only now
 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace zimg::base
