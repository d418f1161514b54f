#include "base/sha256.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits>

#include "base/hex.hpp"
#include "zimg/error.hpp"

namespace zimg::base {

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

namespace {

// SHA-256 of octets in memory fails for want of memory and nothing else.
void require_digest(bool done) {
  if (done) return;
  ERR_clear_error();  // or this thread would keep what OpenSSL notes about it
  throw Error(ErrorCode::kOutOfMemory, "memory would not do for a SHA-256 digest");
}

// Looked up once, which EVP_sha256() makes every digest do anew: four tenths of what a short one takes. Never freed,
// since OpenSSL cleans up at the end of the process, when it may still be asked for.
const EVP_MD* algorithm() {
  static const EVP_MD* const kFetched = [] {
    const EVP_MD* found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    require_digest(found != nullptr);
    return found;
  }();
  return kFetched;
}

}  // namespace

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  require_digest(context_->evp != nullptr && EVP_DigestInit_ex(context_->evp, algorithm(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::update(const void* data, std::size_t size) {
  require_digest(EVP_DigestUpdate(context_->evp, data, size) == 1);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  unsigned length = 0;
  require_digest(EVP_DigestFinal_ex(context_->evp, digest.data(), &length) == 1 && length == digest.size());
  return digest;
}

Sha256Digest sha256(const void* data, std::size_t size) {
  Sha256 hash;
  hash.update(data, size);
  return hash.finish();
}

Sha256Digest hmac_sha256(const void* secret, std::size_t secret_size, const void* data, std::size_t size) {
  Sha256Digest digest;
  unsigned length = 0;
  require_digest(secret_size <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
                 HMAC(algorithm(), secret, static_cast<int>(secret_size), static_cast<const unsigned char*>(data), size,
                      digest.data(), &length) != nullptr &&
                 length == digest.size());
  return digest;
}

std::string hex_of(const Sha256Digest& digest) {
  return to_hex(digest.data(), digest.size());
}

}  // namespace zimg::base
