// The identity of a model: a SHA-256 over the contents of the files that are loaded.
//
//   SHA-256( for each role file in order: u32 big-endian length of role ‖ role ‖ SHA-256 of the file )
//
// A file's digest is remembered in $XDG_CACHE_HOME/zimg/digests by (device, inode, size, mtime and ctime in ns) and a
// sample of its content, so that 33 GB are hashed once. The sample is for file systems that say the same of different
// files: images whose times are all the same, mounted one after the other. A file changed within 2 s of hashing is not
// remembered. A digest store that cannot be read or written costs time, never the answer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "checkpoint/model_folder.hpp"

namespace zimg::checkpoint {

using HashingProgress = std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)>;

// What a file looked like when it was hashed: equal stamps mean an unchanged file.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Errors: kIo naming the path.
FileStamp stamp_of(const std::string& path);

struct ModelIdentity {
  base::Sha256Digest digest;
  std::vector<FileStamp> stamps;  // of `files`, in order
};

// `digest_store` is the folder of remembered digests; empty: none is kept. `progress` may be null. Errors: kIo.
ModelIdentity identify(const std::vector<RoleFile>& files, const std::string& digest_store,
                       const HashingProgress& progress);

// True when every file still has the stamp that it was identified with.
bool is_unchanged(const ModelIdentity& identity, const std::vector<RoleFile>& files);

}  // namespace zimg::checkpoint
