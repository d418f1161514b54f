#include "cache/memory/memory_cache.hpp"

#include <utility>

#include "base/sha256.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {

MemoryCache::MemoryCache(std::uint64_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}

std::optional<CacheEntry> MemoryCache::find(const CacheKey& key) {
  const std::int64_t now_ms = unix_now_ms();
  const std::lock_guard lock(mutex_);
  const auto kept = table_.find(key);
  if (kept == table_.end()) {
    HitCounters::add(counters_.misses);
    return std::nullopt;
  }
  if (is_expired(kept->second.entry.info, now_ms)) {
    remove(kept);
    HitCounters::add(counters_.expired);
    HitCounters::add(counters_.misses);
    return std::nullopt;
  }
  recency_.splice(recency_.begin(), recency_, kept->second.place);
  HitCounters::add(counters_.hits);
  return kept->second.entry;
}

StoreOutcome MemoryCache::store(const CacheKey& key, const CacheEntry& entry) {
  check_limits(entry);
  const std::uint64_t size = entry.payload->size();
  if (size > capacity_bytes_) {
    erase(key);  // the entry that was there is no longer what was stored last
    return StoreOutcome::kTooLarge;
  }
  CacheEntry copy = entry;
  if (copy.info.stored_at_ms == 0) copy.info.stored_at_ms = unix_now_ms();
  if (copy.info.payload_sha256 == CacheKey::Digest{}) {
    copy.info.payload_sha256 = base::sha256(entry.payload->data(), entry.payload->size());
  }
  const std::lock_guard lock(mutex_);
  if (const auto old = table_.find(key); old != table_.end()) remove(old);
  while (used_bytes_ + size > capacity_bytes_) {
    remove(table_.find(recency_.back()));
    HitCounters::add(counters_.evictions);
  }
  std::list<CacheKey> place{key};  // spliced last, so that running out of memory leaves both lists as they were
  table_.emplace(key, Kept{std::move(copy), place.begin()});
  recency_.splice(recency_.begin(), place);
  used_bytes_ += size;
  HitCounters::add(counters_.stores);
  return StoreOutcome::kStored;
}

bool MemoryCache::erase(const CacheKey& key) {
  const std::lock_guard lock(mutex_);
  const auto kept = table_.find(key);
  if (kept == table_.end()) return false;
  remove(kept);
  return true;
}

void MemoryCache::list(const EntryVisitor& visit) {
  std::vector<std::pair<CacheKey, CacheEntry>> entries;  // payloads are shared, so this copies facts alone
  {
    const std::lock_guard lock(mutex_);
    entries.reserve(table_.size());
    for (const auto& [key, kept] : table_) entries.emplace_back(key, kept.entry);
  }
  for (const auto& [key, entry] : entries) {
    if (!visit(key, entry.info, entry.payload->size())) return;
  }
}

CacheStats MemoryCache::stats() {
  CacheStats stats;
  counters_.copy_to(stats);
  stats.capacity_bytes = capacity_bytes_;
  const std::lock_guard lock(mutex_);
  stats.entries = table_.size();
  stats.payload_bytes = used_bytes_;
  stats.used_bytes = used_bytes_;
  return stats;
}

std::string MemoryCache::description() const {
  return "memory:?size=" + std::to_string(capacity_bytes_);
}

void MemoryCache::remove(Table::iterator kept) {
  used_bytes_ -= kept->second.entry.payload->size();
  recency_.erase(kept->second.place);
  table_.erase(kept);
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> make_memory_cache(std::uint64_t capacity_bytes) {
  if (capacity_bytes == 0) {
    throw Error(ErrorCode::kInvalidArgument, "the memory cache's size is 0 bytes; at least 1 is expected");
  }
  return std::make_shared<cache::MemoryCache>(capacity_bytes);
}

}  // namespace v0
}  // namespace zimg
