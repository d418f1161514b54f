#include "cache/entry_seal.hpp"

#include <algorithm>
#include <array>

#include "base/namespace_secrets.hpp"
#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr std::size_t kBoundBytes = CacheKey::kSize + 2 + 8;

// What a sealed payload is bound to: it opens under no other key, schema or length.
std::array<std::uint8_t, kBoundBytes> bound_octets(const CacheKey& key, std::uint64_t payload_bytes) {
  std::array<std::uint8_t, kBoundBytes> bound;
  std::copy(key.digest().begin(), key.digest().end(), bound.begin());
  put_big_endian(bound.data() + CacheKey::kSize, kEntrySchema);
  put_big_endian(bound.data() + CacheKey::kSize + 2, payload_bytes);
  return bound;
}

}  // namespace

EntrySeals::EntrySeals(const NamespaceSecrets& secrets) {
  base::check_namespace_secrets(secrets);
  for (const auto& [name_space, secret] : secrets) {
    keys_.emplace(name_space,
                  base::derive_key(secret.data(), secret.size(), "zimg-entry-seal", "zimg AES-256-GCM " + name_space));
  }
}

Bytes EntrySeals::seal(const CacheKey& key, EntryHeader& header, const Bytes& payload) const {
  const auto bound = bound_octets(key, payload.size());
  EntrySeal seal;
  seal.nonce = base::random_nonce();
  base::SecretBox box(base::SecretBox::Way::kSeal, keys_.at(header.info.name_space), seal.nonce, bound.data(),
                      bound.size());
  Bytes sealed(payload.size());
  box.update(header.info.payload_sha256.data(), seal.digest.data(), seal.digest.size());
  box.update(payload.data(), sealed.data(), payload.size());
  seal.tag = box.tag();
  header.seal = seal;
  header.info.payload_sha256 = {};
  header.payload_checksum = checksum(sealed.data(), sealed.size());
  return sealed;
}

bool EntrySeals::open(const CacheKey& key, EntryHeader& header, Bytes& payload) const {
  const auto secret = keys_.find(header.info.name_space);
  if (secret == keys_.end() || !header.seal) return false;
  const auto bound = bound_octets(key, payload.size());
  base::SecretBox box(base::SecretBox::Way::kOpen, secret->second, header.seal->nonce, bound.data(), bound.size());
  CacheKey::Digest digest;
  box.update(header.seal->digest.data(), digest.data(), digest.size());
  box.update(payload.data(), payload.data(), payload.size());
  if (!box.is_authentic(header.seal->tag)) return false;
  header.info.payload_sha256 = digest;
  header.seal.reset();
  return true;
}

}  // namespace zimg::cache
