// An ICache remembers encoded pictures by CacheKey.
//
// Thread-safe: every method may be called from any thread at any time.
// Errors: methods throw Error with code kCache or kOutOfMemory (or kClosed after close() or in a forked child); a
// missing entry is not an error. Generator survives every one of them: it draws. An implementation may forget, never
// lie: find() returns exactly the bytes of the last store() under that key or nothing.
//
// Two implementations come with zimg, and a tier of two; a program may bring its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  CacheKey::Digest payload_sha256{};  // all zero at store(): the cache computes it; in list(), where it is encrypted
  bool is_pinned = false;             // never evicted; it still expires, and may be erased
  std::string tag;                    // the caller's own word for a group of entries, at most 255 bytes
};

struct CacheEntry {
  EntryInfo info;
  SharedBytes payload;  // never null
};

// Throws Error kInvalidArgument when `entry` breaks a limit of EntryInfo or has no payload. What a store() begins with.
ZIMG_API void check_entry(const CacheEntry& entry);

struct KeyedEntry {
  CacheKey key;
  CacheEntry entry;
};

enum class StoreOutcome : std::uint8_t {
  kStored = 0,     // committed
  kTooFull = 1,    // not kept: there is no room and nothing may be evicted
  kTooLarge = 2,   // not kept: larger than the cache would ever hold
  kOverQuota = 3,  // not kept: more than its namespace may take, or room that is reserved for another one
};

// What ICache::claim_drawing() answered.
struct DrawingClaim {
  enum class State : std::uint8_t {
    kUnneeded = 0,   // nobody outside this process draws into this cache
    kHeld = 1,       // the caller may draw; others wait for as long as `hold` is kept
    kElsewhere = 2,  // somebody else is drawing it
  };
  State state = State::kUnneeded;
  std::shared_ptr<void> hold;  // null unless kHeld; any thread may let go of it
};

// What a cache of another size would do, as far as the lookups so far tell.
struct SizePoint {
  std::uint64_t capacity_bytes = 0;  // room for payloads, which on a disk is 85 % of CacheStats::capacity_bytes
  double hit_rate = 0;               // if the least recently used went first
};

// What a cache holds and did. Counts of a cache on a disk are of all processes that used it since it was made; a
// process adds its own now and then and when it closes the cache, and what it did not add when it died is lost.
struct CacheStats {
  std::uint64_t entries = 0;
  std::uint64_t payload_bytes = 0;  // of all entries
  std::uint64_t used_bytes = 0;     // of the cache's room, its own bookkeeping included
  std::uint64_t capacity_bytes = 0;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t stores = 0;
  std::uint64_t evictions = 0;
  std::uint64_t expired = 0;
  std::uint64_t corrupt = 0;             // entries that failed their check: counted, erased, drawn again
  std::uint64_t rejected = 0;            // stores that were answered kTooFull, kTooLarge or kOverQuota
  std::int64_t oldest_stored_at_ms = 0;  // of the entry that was stored first; 0 where there is none
  double saved_ms = 0;                   // what drawing the hits again would have taken
  std::uint64_t saved_bytes = 0;         // of the payloads that hits delivered
  std::vector<SizePoint> size_curve;     // half, the same and double the room; empty before the first lookup

  // hits / (hits + misses); 0 before the first lookup.
  double hit_rate() const noexcept {
    const auto lookups = hits + misses;
    return lookups == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(lookups);
  }
};

// The part of one namespace.
struct NamespaceStats {
  std::string name_space;
  std::uint64_t entries = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t pinned = 0;              // of the entries
  std::int64_t oldest_stored_at_ms = 0;  // 0 where there is no entry
  std::uint64_t hits = 0;                // counted as in CacheStats, as are the rest
  std::uint64_t stores = 0;
  std::uint64_t evictions = 0;
  double saved_ms = 0;
  std::uint64_t saved_bytes = 0;
};

// What ICache::verify() found.
struct VerifyReport {
  std::uint64_t entries = 0;        // looked at
  std::uint64_t payload_bytes = 0;  // of the sound ones
  std::uint64_t damaged = 0;        // failed a check, and were erased where the store's records allowed it
  std::uint64_t unreadable = 0;     // of a newer zimg, or encrypted under a secret that was not given: left alone
  std::uint64_t total = 0;          // entries that there were when it began, for a progress bar; 0 where unknown
  // Places where the records of a store on disk could not be read; what lies there was not looked at, and only
  // rebuild_lmdb_store() makes the store whole again.
  std::uint64_t tree_damages = 0;
};

// Looks at one entry. What its answer means is the method's to say.
using EntryVisitor = std::function<bool(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes)>;

class ZIMG_API ICache {
 public:
  virtual ~ICache();

  // A copy of the entry under `key` (or shared bytes where the cache holds pictures in memory); nullopt if there is
  // none, if it has expired, or if it fails its check, in which case it is erased and counted.
  virtual std::optional<CacheEntry> find(const CacheKey& key) = 0;

  // As find(), but finding nothing is no miss yet: count_miss() says so once it is known that no drawing under way
  // answered the request instead. Unless overridden, find().
  virtual std::optional<CacheEntry> try_find(const CacheKey& key);
  // Counts a miss that try_find() left open. Unless overridden, nothing happens.
  virtual void count_miss(const CacheKey& key);

  // As find(), but no request: it is counted nowhere and says nothing about what will be asked for. Unless overridden,
  // made from find().
  virtual std::optional<CacheEntry> peek(const CacheKey& key);

  // Keeps `entry` under `key`, replacing what was there. kStored means committed: where the cache lies on a disk, the
  // entry survives the death of the process. Errors: kInvalidArgument for an entry beyond the limits of EntryInfo.
  virtual StoreOutcome store(const CacheKey& key, const CacheEntry& entry) = 0;

  // Stores many and says for each what store() would. An entry that fails a limit fails all before any is stored.
  // Unless overridden, made from store(); a cache on a disk commits them together, which is many times faster.
  virtual std::vector<StoreOutcome> store_all(const std::vector<KeyedEntry>& entries);

  // Whether there is an entry under `key` that find() would give as far as its header tells: not expired, and not
  // encrypted without its secret at hand. Its payload is not read and nothing is counted. Unless overridden, made from
  // find().
  virtual bool contains(const CacheKey& key);

  // Asks for the right to draw what is missing under `key`, so that one of the processes that share this cache draws it
  // and the others wait. Never waits itself. The right is given back when `hold` goes or its process dies. Unless
  // overridden, kUnneeded.
  virtual DrawingClaim claim_drawing(const CacheKey& key);

  // Forgets `key`; false if it was not there.
  virtual bool erase(const CacheKey& key) = 0;

  // Says that the entry under `key` was used although another cache delivered it: it counts when entries are weighed
  // and not as a hit. Unless overridden, nothing happens.
  virtual void touch(const CacheKey& key);

  // Calls `visit` for every entry in key order until it returns false. Payloads are not read. Entries stored or erased
  // meanwhile may be seen or not; `visit` may call back into the cache.
  virtual void list(const EntryVisitor& visit) = 0;

  // Erases the entries for which `match` returns true and says how many. `match` must not call back into the cache. An
  // entry whose facts cannot be read, being damaged or of a newer zimg, is shown twice, with two made-up sets of facts
  // and with its own pin as far as that can be told, and erased where `match` takes both. Unless overridden, made from
  // list() and erase().
  virtual std::uint64_t erase_if(const EntryVisitor& match);

  // Pins or unpins the entry under `key`; false if there is none, or one of a newer zimg. Unless overridden, made from
  // find() and store().
  virtual bool pin(const CacheKey& key, bool is_pinned);

  // What each namespace has, in the order of their names. Unless overridden, made from list(), without the counts.
  virtual std::vector<NamespaceStats> namespace_stats();

  // Reads every entry and erases those whose payload is not the one that was stored, by its SHA-256. `on_progress` may
  // be empty; it is called after each entry and returns false to stop. A store on disk is read by a child process.
  // Unless overridden, made from list(), peek() and erase().
  virtual VerifyReport verify(const std::function<bool(const VerifyReport&)>& on_progress);

  virtual CacheStats stats() = 0;

  // What a person would call it, for example "lmdb:/home/me/.cache/zimg/pictures".
  virtual std::string description() const = 0;

  // Waits for the calls in flight and gives up what the cache holds open; later calls but description() and close()
  // throw kClosed. Not to be called by a visitor. Unless overridden it does nothing, and the cache goes on answering.
  virtual void close();
};

// The keys under which a cache may hold the picture that `key` names, as Report::key does: the picture's own, where its
// PNG stands, then those of the JPEGs made of it, from quality 100 down to 1. Whoever means the picture and not one
// form of it, for erasing or pinning, asks for all of them.
ZIMG_API std::vector<CacheKey> keys_of_picture(const CacheKey& key);

// The rule of one namespace.
struct NamespaceRule {
  std::string name_space;            // "*" is the rule of each namespace that has none of its own
  std::uint64_t limit_bytes = 0;     // of payloads that it may take; 0 is no limit
  std::uint64_t reserved_bytes = 0;  // of payloads that no other namespace can eat; not for "*"
  std::int64_t ttl_ms = 0;           // for entries that come without an expiry, at most 100 years; 0 is none
};

// Who stays and who goes. A policy is the opening program's own: it is not written into the store.
struct CachePolicy {
  std::vector<NamespaceRule> namespaces;
  // The share of a rule's time to live, 0 to 1, that chance may take off it, so that what was stored together does not
  // expire together.
  double ttl_jitter = 0;
  // True: what saves the fewest seconds for a byte goes first, by how often it was asked for, how long drawing it took
  // and how large it is (W-TinyLFU's sketch and window). False: the least recently used goes first, or, on a disk, the
  // oldest. Expired entries go first: in memory all of them, on a disk those among the entries that are looked at.
  bool weighs_entries = true;
  // Milliseconds of Unix time, from any thread; empty is the system's clock. What a request says of its own time to
  // live (Request::ttl_ms) is reckoned by the system's in any case.
  std::function<std::int64_t()> now_ms;
  // Called with a sentence when a store fills the cache beyond 80 %, and again only after one that left it below 70 %,
  // by the thread that stores. Who opens a cache that is this full is not told. It must not call the cache; what it
  // throws is lost.
  std::function<void(const std::string& warning)> on_warning;
};

// Secrets by namespace, each of at least one byte.
using NamespaceSecrets = std::map<std::string, Bytes>;

struct LmdbOptions {
  std::string path;  // a folder, created 0700 with its parents when absent
  // The room on disk, 4 MiB to 16 TiB, rounded down to a multiple of 65,536. 0: the store's own, or for a new one the
  // smaller of 10 GiB and 10 % of the free disk. Another number than the store's own resizes it, which needs the store
  // for itself.
  std::uint64_t capacity_bytes = 0;
  std::uint32_t lock_timeout_ms = 100;    // how long a writer may wait for another process before it gives up
  bool allow_network_filesystem = false;  // LMDB's locks do not hold across machines
  CachePolicy policy;
  // The pictures of these namespaces are encrypted (AES-256-GCM). Who does not give the secret misses them, and who
  // gives one misses what was stored without it: forgetting a secret forgets the pictures.
  NamespaceSecrets namespace_secrets;
};

// Opens or creates the store at `options.path`. Stores of one process on one path share one environment.
// Errors: kInvalidArgument (an option), kCache (not a folder, not a zimg store, newer than this library, read-only,
// full, damaged, on a network file system, in another's sole use, open elsewhere with another size, or smaller than
// what the policy reserves), kOutOfMemory.
ZIMG_API std::shared_ptr<ICache> open_lmdb_cache(const LmdbOptions& options);

// A cache of this process, gone with it. `capacity_bytes` counts payloads. Errors: kInvalidArgument.
ZIMG_API std::shared_ptr<ICache> make_memory_cache(std::uint64_t capacity_bytes, const CachePolicy& policy = {});

// A small fast cache before a large lasting one. A lookup asks `upper` first; what only `lower` has is copied up. A
// store is answered by `lower`, and what a peek() then finds there is copied up, with the expiry that `lower` gave it.
// What `upper` fails at is passed over. A pin is kept by `lower`: the copy is stored unpinned, and found as pinned
// where this cache knows of it. Errors: kInvalidArgument when one is null.
ZIMG_API std::shared_ptr<ICache> make_tiered_cache(std::shared_ptr<ICache> upper, std::shared_ptr<ICache> lower);

// Which entries purge() erases: those that fit every field that is set, so an empty filter fits them all.
struct PurgeFilter {
  std::optional<std::string> name_space;
  std::optional<std::string> model;
  std::optional<std::string> tag;
  std::optional<std::int64_t> stored_before_ms;  // Unix time in milliseconds
  std::string key_prefix;                        // hexadecimal digits of either case that the key begins with
  bool spares_pinned = false;

  ZIMG_API bool matches(const CacheKey& key, const EntryInfo& info) const;
};

// Erases what fits and says how many. Errors: kInvalidArgument for a key prefix that is none, those of the cache.
ZIMG_API std::uint64_t purge(ICache& cache, const PurgeFilter& filter);

// Opens what a cache URL names: "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB" (the size that it has
// without one), "none:" (null is returned), or a tier of two joined by a comma, "memory:,lmdb:PATH". An empty URL, or
// "lmdb:" without a path, is a store at its default place, $XDG_CACHE_HOME/zimg/pictures. In a path, %3F stands for a
// question mark, %2C for a comma and %25 for a percent sign. The policy's rules may be written as "limit=NAME:1GiB",
// "reserve=NAME:1GiB", "ttl=NAME:24h", each as often as needed and, but for "reserve", without "NAME:" for all other
// namespaces, and "jitter=0.1". "encrypt=1" needs the namespaces' secrets, which the overload in zimg/policy.hpp takes.
// Errors: kInvalidArgument naming the part of the URL, kUnsupported for a scheme that this build lacks, those of the
// opener.
ZIMG_API std::shared_ptr<ICache> open_cache(const std::string& url);

// Where open_cache("") keeps its pictures: below XDG_CACHE_HOME, or HOME's .cache. Errors: kCache when neither variable
// holds an absolute path.
ZIMG_API std::string default_cache_path();

}  // namespace v0
}  // namespace zimg
