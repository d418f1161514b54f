// SHA-256 (FIPS 180-4) of octets that may come in pieces, and HMAC (RFC 2104) over it. OpenSSL computes it; nothing of
// OpenSSL shows here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace zimg::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();  // throws Error kOutOfMemory, as do the others
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(const void* data, std::size_t size);
  Sha256Digest finish();  // once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Sha256Digest sha256(const void* data, std::size_t size);
Sha256Digest hmac_sha256(const void* secret, std::size_t secret_size, const void* data, std::size_t size);
std::string hex_of(const Sha256Digest& digest);

}  // namespace zimg::base
