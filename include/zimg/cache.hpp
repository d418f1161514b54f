// An ICache remembers encoded pictures by CacheKey.
//
// Thread-safe: every method may be called from any thread at any time.
// Errors: methods throw Error with code kCache (or kClosed after close or in a forked child); a missing entry is not an
// error. Generator survives every one of them: it draws. An implementation may forget, never lie: find() returns
// exactly the bytes of the last store() under that key or nothing.
//
// Two implementations come with zimg; a program may bring its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "zimg/bytes.hpp"
#include "zimg/cache_key.hpp"
#include "zimg/image_format.hpp"

namespace zimg {
inline namespace v0 {

// The facts kept beside a picture. They are what a report shows on a hit and what eviction weighs.
struct EntryInfo {
  ImageFormat format = ImageFormat::kPng;
  std::uint32_t width = 0;   // pixels
  std::uint32_t height = 0;  // pixels
  std::uint32_t seed = 0;
  std::uint32_t steps = 0;
  double guidance = 0;
  double draw_ms = 0;                 // what drawing it again would cost
  std::int64_t stored_at_ms = 0;      // Unix time in milliseconds; 0 at store(): the cache sets it
  std::int64_t expires_at_ms = 0;     // Unix time in milliseconds; 0 is never
  std::string name_space;             // at most 64 bytes
  std::string model;                  // the model's name, at most 255 bytes
  CacheKey::Digest payload_sha256{};  // all zero at store(): the cache computes it
};

struct CacheEntry {
  EntryInfo info;
  SharedBytes payload;  // never null
};

enum class StoreOutcome : std::uint8_t {
  kStored = 0,    // committed
  kTooFull = 1,   // not kept: there is no room and nothing may be evicted
  kTooLarge = 2,  // not kept: larger than the cache would ever hold
};

struct CacheStats {
  std::uint64_t entries = 0;
  std::uint64_t payload_bytes = 0;  // of all entries
  std::uint64_t used_bytes = 0;     // of the cache's room, its own bookkeeping included
  std::uint64_t capacity_bytes = 0;
  std::uint64_t hits = 0;  // by this process, as are the rest
  std::uint64_t misses = 0;
  std::uint64_t stores = 0;
  std::uint64_t evictions = 0;
  std::uint64_t expired = 0;
  std::uint64_t corrupt = 0;  // entries that failed their check: counted, erased, drawn again

  // hits / (hits + misses); 0 before the first lookup.
  double hit_rate() const noexcept {
    const auto lookups = hits + misses;
    return lookups == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(lookups);
  }
};

// What ICache::verify() found.
struct VerifyReport {
  std::uint64_t entries = 0;        // looked at
  std::uint64_t payload_bytes = 0;  // of the sound ones
  std::uint64_t damaged = 0;        // failed a check and were erased
  std::uint64_t unreadable = 0;     // written by a newer zimg: left alone
};

// Looks at one entry. What its answer means is the method's to say.
using EntryVisitor = std::function<bool(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes)>;

class ZIMG_API ICache {
 public:
  virtual ~ICache();

  // A copy of the entry under `key` (or shared bytes where the cache holds pictures in memory); nullopt if there is
  // none, if it has expired, or if it fails its check, in which case it is erased and counted.
  virtual std::optional<CacheEntry> find(const CacheKey& key) = 0;

  // Keeps `entry` under `key`, replacing what was there. kStored means committed: where the cache lies on a disk, the
  // entry survives the death of the process. Errors: kInvalidArgument for an entry beyond the limits of EntryInfo.
  virtual StoreOutcome store(const CacheKey& key, const CacheEntry& entry) = 0;

  // Forgets `key`; false if it was not there.
  virtual bool erase(const CacheKey& key) = 0;

  // Calls `visit` for every entry in key order until it returns false. Payloads are not read. Entries stored or erased
  // meanwhile may be seen or not; `visit` may call back into the cache.
  virtual void list(const EntryVisitor& visit) = 0;

  // Erases the entries for which `match` returns true and says how many. `match` must not call back into the cache.
  // Unless overridden, made from list() and erase().
  virtual std::uint64_t erase_if(const EntryVisitor& match);

  // Reads every entry and erases those whose payload is not the one that was stored, by its SHA-256. `on_progress` may
  // be empty; it is called after each entry and returns false to stop. Unless overridden, made from list(), find() and
  // erase().
  virtual VerifyReport verify(const std::function<bool(const VerifyReport&)>& on_progress);

  virtual CacheStats stats() = 0;

  // What a person would call it, for example "lmdb:/home/me/.cache/zimg/pictures".
  virtual std::string description() const = 0;
};

struct LmdbOptions {
  std::string path;  // a folder, created 0700 with its parents when absent
  // The room on disk, at least 4 MiB. 0: the store's own, or for a new one the smaller of 10 GiB and 10 % of the free
  // disk. Another number than the store's own resizes it, which needs the store for itself.
  std::uint64_t capacity_bytes = 0;
  std::uint32_t lock_timeout_ms = 100;    // how long a writer may wait for another process before it gives up
  bool allow_network_filesystem = false;  // LMDB's locks do not hold across machines
};

// Opens or creates the store at `options.path`. Stores of one process on one path share one environment.
// Errors: kInvalidArgument (an option), kCache (not a folder, not a zimg store, newer than this library, read-only,
// full).
ZIMG_API std::shared_ptr<ICache> open_lmdb_cache(const LmdbOptions& options);

// A cache of this process, gone with it. `capacity_bytes` counts payloads; the least recently used goes first.
ZIMG_API std::shared_ptr<ICache> make_memory_cache(std::uint64_t capacity_bytes);

// Opens what a cache URL names: "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", "none:" (null is
// returned). An empty URL, or "lmdb:" without a path, is a store at its default place, $XDG_CACHE_HOME/zimg/pictures.
// In a path, %3F stands for a question mark, %2C for a comma and %25 for a percent sign. Errors: kInvalidArgument
// naming the part of the URL, kUnsupported for a scheme that this build lacks, those of the opener.
ZIMG_API std::shared_ptr<ICache> open_cache(const std::string& url);

// Where open_cache("") keeps its pictures. Errors: kInvalidArgument when neither XDG_CACHE_HOME nor HOME is set.
ZIMG_API std::string default_cache_path();

}  // namespace v0
}  // namespace zimg
