// A DigestStore remembers the SHA-256 of files by what they look like and a sample of what they hold, so that gigabytes
// are hashed once.
//
// One small file per digest, named by a hash of both, written by rename: processes need no lock between them.
// Thread-safe. Nothing fails: what cannot be read is forgotten, what cannot be written is not remembered.
#pragma once

#include <optional>
#include <string>

#include "base/sha256.hpp"
#include "checkpoint/model_identity.hpp"

namespace zimg::checkpoint {

class DigestStore {
 public:
  // Empty: remembers nothing.
  explicit DigestStore(std::string folder);

  bool is_kept() const noexcept { return !folder_.empty(); }
  std::optional<base::Sha256Digest> find(const FileStamp& stamp, const base::Sha256Digest& sample) const;
  void remember(const FileStamp& stamp, const base::Sha256Digest& sample, const base::Sha256Digest& digest) const;

 private:
  std::string path_of(const FileStamp& stamp, const base::Sha256Digest& sample) const;

  std::string folder_;
};

}  // namespace zimg::checkpoint
