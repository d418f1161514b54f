// Looking after an LMDB store as a whole. Rebuilding and resizing need the store for themselves: they refuse while
// another process, or a cache of this one, has it open. Verifying does not.
//
// Thread-safe. Whenever the process dies, the store is either as it was or as it was to be.
#pragma once

#include <cstdint>
#include <functional>

#include "zimg/cache.hpp"
#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

// As ICache::verify() of that store, without opening it in this process: a child process reads it and another one
// erases what is damaged, since LMDB may abort where its own records are. `options.namespace_secrets` open what is
// encrypted. Errors: kInvalidArgument (an option), kNotFound (no store there), kCache (damaged beyond opening, or one
// that another process keeps locked).
ZIMG_API VerifyReport verify_lmdb_store(const LmdbOptions& options,
                                        const std::function<bool(const VerifyReport&)>& on_progress = {});

struct RebuildReport {
  std::uint64_t total = 0;          // entries that the old store counts, for a progress bar
  std::uint64_t entries = 0;        // kept
  std::uint64_t payload_bytes = 0;  // of them
  std::uint64_t lost = 0;           // entries that were damaged, by their checksum or their SHA-256
  std::uint64_t expired = 0;        // left behind
  std::uint64_t unreadable = 0;    // written by a newer zimg or encrypted: kept as they are, if their checksum is right
  std::uint64_t tree_damages = 0;  // places where the store's own records could not be read; what lay there is lost
  std::uint64_t disk_bytes_before = 0;
  std::uint64_t disk_bytes_after = 0;
};

// Copies every sound entry of the store at `options.path` into a fresh one, which then takes its place. It takes no
// more of the disk than its entries need, and what could not be read is gone. `options.capacity_bytes` is the new
// size; 0 is the old one, which is the length of data.mdb where the marker zimg-store is damaged. A child process does
// the reading, since LMDB may abort on damage. `on_progress` may be empty; it returns false to stop, which is
// kCancelled and leaves the store as it was. Errors: kInvalidArgument (an option), kNotFound (no store there), kCache
// (in use, too small for what it holds, beyond repair, the disk is full), kCancelled.
ZIMG_API RebuildReport rebuild_lmdb_store(const LmdbOptions& options,
                                          const std::function<bool(const RebuildReport&)>& on_progress = {});

// Gives the store at `options.path` the size `options.capacity_bytes`, which is not 0: a larger one in place, a smaller
// one by rebuild_lmdb_store(). Errors: as rebuild_lmdb_store().
ZIMG_API void resize_lmdb_store(const LmdbOptions& options);

// What a cache URL "lmdb:…", or the empty one, names, without secrets, which are the caller's to add. Errors:
// kInvalidArgument for another cache.
ZIMG_API LmdbOptions lmdb_options(const std::string& url);

}  // namespace v0
}  // namespace zimg
