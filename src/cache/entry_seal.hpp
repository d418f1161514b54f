// EntrySeals encrypts the payloads of namespaces that have a secret, and opens them again. docs/store-format.md is the
// reference.
//
// Thread-safe: nothing changes after construction.
#pragma once

#include <map>
#include <string>

#include "base/secret_box.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/bytes.hpp"
#include "zimg/cache.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

class EntrySeals {
 public:
  // Errors: kInvalidArgument naming a namespace whose secret is empty.
  explicit EntrySeals(const NamespaceSecrets& secrets);

  bool seals(const std::string& name_space) const { return keys_.find(name_space) != keys_.end(); }

  // Encrypts `payload` and says so in `header`, which make_header() made of it. Only for a namespace that seals().
  Bytes seal(const CacheKey& key, EntryHeader& header, const Bytes& payload) const;

  // Decrypts `payload` in place and puts its digest back into `header`. False when its namespace's secret is not known
  // or another one; then `payload` holds nothing that may be used.
  bool open(const CacheKey& key, EntryHeader& header, Bytes& payload) const;

 private:
  std::map<std::string, base::SecretKey> keys_;  // by namespace
};

}  // namespace zimg::cache
