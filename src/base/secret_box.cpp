#include "base/secret_box.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <string>

#include "base/sha256.hpp"
#include "zimg/error.hpp"

namespace zimg::base {
namespace {

constexpr std::size_t kLargestStep = std::size_t{1} << 30;  // OpenSSL counts in int

void require_cipher(bool done) {
  if (!done) throw Error(ErrorCode::kInternal, "OpenSSL could not encrypt or decrypt with AES-256-GCM");
}

}  // namespace

struct SecretBox::Context {
  EVP_CIPHER_CTX* evp = EVP_CIPHER_CTX_new();
  ~Context() { EVP_CIPHER_CTX_free(evp); }
};

SecretKey derive_key(const void* secret, std::size_t secret_size, std::string_view salt, std::string_view purpose) {
  const Sha256Digest extracted = hmac_sha256(salt.data(), salt.size(), secret, secret_size);
  const std::string first_block = std::string(purpose) + '\x01';
  return hmac_sha256(extracted.data(), extracted.size(), first_block.data(), first_block.size());
}

Nonce random_nonce() {
  Nonce nonce;
  require_cipher(RAND_bytes(nonce.data(), static_cast<int>(nonce.size())) == 1);
  return nonce;
}

SecretBox::SecretBox(Way way, const SecretKey& key, const Nonce& nonce, const void* bound, std::size_t bound_size)
    : context_(std::make_unique<Context>()) {
  int length = 0;
  require_cipher(context_->evp != nullptr && bound_size <= kLargestStep &&
                 EVP_CipherInit_ex(context_->evp, EVP_aes_256_gcm(), nullptr, key.data(), nonce.data(),
                                   way == Way::kSeal ? 1 : 0) == 1 &&
                 EVP_CipherUpdate(context_->evp, nullptr, &length, static_cast<const unsigned char*>(bound),
                                  static_cast<int>(bound_size)) == 1);
}

SecretBox::~SecretBox() = default;

void SecretBox::update(const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  while (size > 0) {
    const std::size_t step = std::min(size, kLargestStep);
    int length = 0;
    require_cipher(EVP_CipherUpdate(context_->evp, out, &length, in, static_cast<int>(step)) == 1 &&
                   static_cast<std::size_t>(length) == step);
    in += step;
    out += step;
    size -= step;
  }
}

Tag SecretBox::tag() {
  Tag tag;
  int length = 0;
  require_cipher(EVP_CipherFinal_ex(context_->evp, tag.data(), &length) == 1 && length == 0 &&
                 EVP_CIPHER_CTX_ctrl(context_->evp, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag.size()), tag.data()) ==
                     1);
  return tag;
}

bool SecretBox::is_authentic(const Tag& tag) {
  Tag expected = tag;  // OpenSSL takes a pointer to non-const
  int length = 0;
  require_cipher(EVP_CIPHER_CTX_ctrl(context_->evp, EVP_CTRL_GCM_SET_TAG, static_cast<int>(expected.size()),
                                     expected.data()) == 1);
  return EVP_CipherFinal_ex(context_->evp, expected.data(), &length) == 1;
}

}  // namespace zimg::base
