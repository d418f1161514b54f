#include "cache/memory/memory_cache.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/closed.hpp"
#include "base/sha256.hpp"
#include "cache/entry_codec.hpp"
#include "cache/policy/eviction_policy.hpp"
#include "telemetry/cache_notes.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr std::uint64_t kMemoryEvictPercent = 100;  // of its room: nothing else has to lie there

}  // namespace

MemoryCache::MemoryCache(std::uint64_t capacity_bytes, const CachePolicy& policy)
    : capacity_bytes_(capacity_bytes),
      rules_(policy, capacity_bytes),
      weighs_entries_(policy.weighs_entries),
      now_ms_(policy.now_ms ? policy.now_ms : unix_now_ms),
      warning_(policy.on_warning, kMemoryEvictPercent),
      usage_("", capacity_bytes) {}

std::unique_lock<std::mutex> MemoryCache::locked() const {
  base::expect_owner(*this, owner_);
  std::unique_lock lock(mutex_);
  if (is_closed_) base::throw_closed(*this);
  return lock;
}

void MemoryCache::close() {
  if (::getpid() != owner_) return;
  Table gone;  // goes after the lock
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  gone.swap(table_);
  recency_.clear();
  expiry_.clear();
  taken_.clear();
  hand_.reset();
  used_bytes_ = 0;
}

std::optional<CacheEntry> MemoryCache::find(const CacheKey& key) {
  auto found = try_find(key);
  if (!found) count_miss(key);
  return found;
}

void MemoryCache::count_miss(const CacheKey& key) {
  refuse_if_closed();
  usage_.miss(key);
}

std::optional<CacheEntry> MemoryCache::try_find(const CacheKey& key) {
  const std::int64_t now = now_ms_();
  auto lock = locked();
  const auto kept = table_.find(key);
  const bool is_there = kept != table_.end();
  if (!is_there || is_expired(kept->second.entry.info, now)) {
    const std::string name_space = is_there ? kept->second.entry.info.name_space : "";
    if (is_there) remove(kept);
    lock.unlock();
    if (is_there) {
      usage_.expired();
      telemetry::CacheNoteScope::tell(telemetry::CacheNote::kExpired, key, name_space);
    }
    return std::nullopt;
  }
  recency_.splice(recency_.begin(), recency_, kept->second.place);
  CacheEntry found = kept->second.entry;
  lock.unlock();
  usage_.hit(key, found.info, found.payload->size());
  return found;
}

std::optional<CacheEntry> MemoryCache::peek(const CacheKey& key) {
  const std::int64_t now = now_ms_();
  const auto lock = locked();
  const auto kept = table_.find(key);
  if (kept == table_.end() || is_expired(kept->second.entry.info, now)) return std::nullopt;
  return kept->second.entry;
}

StoreOutcome MemoryCache::store(const CacheKey& key, const CacheEntry& entry) {
  check_limits(entry);
  CacheEntry copy = entry;
  const std::int64_t now = now_ms_();
  if (copy.info.stored_at_ms == 0) copy.info.stored_at_ms = now;
  copy.info.expires_at_ms = rules_.expires_at_ms(copy.info, key, now);
  if (copy.info.payload_sha256 == CacheKey::Digest{}) {
    copy.info.payload_sha256 = base::sha256(entry.payload->data(), entry.payload->size());
  }
  const std::uint64_t size = entry.payload->size();
  std::uint64_t used = 0;
  StoreOutcome outcome = StoreOutcome::kStored;
  {
    const auto lock = locked();
    // Whatever comes of it, the entry that was there is no longer what was stored last.
    if (const auto old = table_.find(key); old != table_.end()) remove(old);
    outcome = admit(key, std::move(copy));
    used = used_bytes_;
  }
  if (outcome != StoreOutcome::kStored) {
    usage_.rejected();
    return outcome;
  }
  usage_.stored(key, entry.info, size);
  warning_.look_at(used, capacity_bytes_, description());
  return outcome;
}

StoreOutcome MemoryCache::admit(const CacheKey& key, CacheEntry&& entry) {
  const std::uint64_t size = entry.payload->size();
  const std::string& name_space = entry.info.name_space;
  if (size > capacity_bytes_) return StoreOutcome::kTooLarge;
  const std::uint64_t limit = rules_.limit_bytes(name_space);
  if (limit != 0 && size > limit) return StoreOutcome::kOverQuota;
  if (const StoreOutcome room = make_room(name_space, size); room != StoreOutcome::kStored) return room;
  // Spliced last, so that running out of memory leaves all as it was.
  std::list<CacheKey> place{key};
  const std::int64_t expiry = entry.info.expires_at_ms;
  std::uint64_t& taken = taken_[name_space];
  const auto kept = table_.emplace(key, Kept{std::move(entry), last_id_ + 1, place.begin()}).first;
  try {
    if (expiry != 0) expiry_.emplace(expiry, key);
  } catch (...) {
    table_.erase(kept);
    throw;
  }
  recency_.splice(recency_.begin(), place);
  ++last_id_;
  taken += size;
  used_bytes_ += size;
  return StoreOutcome::kStored;
}

// kStored once there is room; else what is in the way of it when nothing more may go.
StoreOutcome MemoryCache::make_room(const std::string& storing, std::uint64_t size) {
  const std::uint64_t limit = rules_.limit_bytes(storing);
  const auto is_over_limit = [&] { return limit != 0 && taken_by(storing) + size > limit; };
  const auto is_full = [&] {
    const auto taken = [this](const std::string& name) { return taken_by(name); };
    return used_bytes_ + size + rules_.reserved_for_others(storing, taken) > capacity_bytes_;
  };
  if (!is_over_limit() && !is_full()) return StoreOutcome::kStored;
  const FrequencySketch frequencies = usage_.frequencies(table_.size());
  while (is_over_limit()) {
    if (!evict_one(storing, true, frequencies)) return StoreOutcome::kOverQuota;
  }
  while (is_full()) {
    if (evict_one(storing, false, frequencies)) continue;
    // What is not pinned stays, and what is free stays free, for the sake of a reservation alone.
    return pinned_bytes() + size > capacity_bytes_ ? StoreOutcome::kTooFull : StoreOutcome::kOverQuota;
  }
  return StoreOutcome::kStored;
}

bool MemoryCache::evict_one(const std::string& storing, bool is_own_alone, const FrequencySketch& frequencies) {
  const std::int64_t now = now_ms_();
  if (!expiry_.empty() && expiry_.begin()->first <= now) {
    evict(table_.find(expiry_.begin()->second));
    return true;
  }
  if (!weighs_entries_) return evict_least_recent(storing, is_own_alone);
  return evict_weighed(storing, is_own_alone, frequencies, true) ||
         evict_weighed(storing, is_own_alone, frequencies, false);
}

// Walks on from where the last sample ended, at most once around.
bool MemoryCache::evict_weighed(const std::string& storing, bool is_own_alone, const FrequencySketch& frequencies,
                                bool spares_window) {
  const EvictionWindow window{last_id_, table_.size()};
  std::vector<EvictionCandidate> sample;
  std::vector<Table::iterator> places;
  auto at = hand_ ? table_.upper_bound(*hand_) : table_.begin();
  for (std::size_t seen = 0; seen < table_.size() && sample.size() < kEvictionSample; ++seen, ++at) {
    if (at == table_.end()) at = table_.begin();
    if (!may_go(at->second, storing, is_own_alone)) continue;
    const EntryInfo& info = at->second.entry.info;
    const EvictionCandidate candidate{UsageRecorder::hash_of(at->first), at->second.entry.payload->size(), info.draw_ms,
                                      at->second.id, false};
    if (spares_window && window.holds(candidate)) continue;
    sample.push_back(candidate);
    places.push_back(at);
  }
  const std::vector<std::size_t> victims = choose_victims(sample, window, spares_window, frequencies);
  if (victims.empty()) return false;
  hand_ = places.back()->first;
  evict(places[victims.front()]);
  return true;
}

bool MemoryCache::evict_least_recent(const std::string& storing, bool is_own_alone) {
  for (auto key = recency_.rbegin(); key != recency_.rend(); ++key) {
    const auto kept = table_.find(*key);
    if (!may_go(kept->second, storing, is_own_alone)) continue;
    evict(kept);
    return true;
  }
  return false;
}

bool MemoryCache::may_go(const Kept& kept, const std::string& storing, bool is_own_alone) const {
  const EntryInfo& info = kept.entry.info;
  if (info.is_pinned) return false;
  if (is_own_alone) return info.name_space == storing;
  return rules_.may_evict(storing, info.name_space, kept.entry.payload->size(), taken_by(info.name_space));
}

std::uint64_t MemoryCache::taken_by(const std::string& name_space) const {
  const auto known = taken_.find(name_space);
  return known == taken_.end() ? 0 : known->second;
}

std::uint64_t MemoryCache::pinned_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [key, kept] : table_) bytes += kept.entry.info.is_pinned ? kept.entry.payload->size() : 0;
  return bytes;
}

bool MemoryCache::contains(const CacheKey& key) {
  const std::int64_t now = now_ms_();
  const auto lock = locked();
  const auto kept = table_.find(key);
  return kept != table_.end() && !is_expired(kept->second.entry.info, now);
}

DrawingClaim MemoryCache::claim_drawing(const CacheKey& key) {
  refuse_if_closed();
  return ICache::claim_drawing(key);
}

bool MemoryCache::erase(const CacheKey& key) {
  const auto lock = locked();
  const auto kept = table_.find(key);
  if (kept == table_.end()) return false;
  remove(kept);
  return true;
}

void MemoryCache::touch(const CacheKey& key) {
  refuse_if_closed();
  usage_.touch(key);
}

bool MemoryCache::pin(const CacheKey& key, bool is_pinned) {
  const std::int64_t now = now_ms_();
  const auto lock = locked();
  const auto kept = table_.find(key);
  if (kept == table_.end() || is_expired(kept->second.entry.info, now)) return false;
  kept->second.entry.info.is_pinned = is_pinned;
  return true;
}

void MemoryCache::list(const EntryVisitor& visit) {
  std::vector<std::pair<CacheKey, CacheEntry>> entries;  // payloads are shared, so this copies facts alone
  {
    const auto lock = locked();
    entries.reserve(table_.size());
    for (const auto& [key, kept] : table_) entries.emplace_back(key, kept.entry);
  }
  for (const auto& [key, entry] : entries) {
    if (!visit(key, entry.info, entry.payload->size())) return;
  }
}

std::vector<NamespaceStats> MemoryCache::namespace_stats() {
  std::vector<NamespaceStats> parts = ICache::namespace_stats();
  usage_.copy_to(parts);
  return parts;
}

CacheStats MemoryCache::stats() {
  CacheStats stats;
  const auto lock = locked();
  usage_.copy_to(stats);
  stats.capacity_bytes = capacity_bytes_;
  stats.entries = table_.size();
  stats.payload_bytes = used_bytes_;
  stats.used_bytes = used_bytes_;
  for (const auto& [key, kept] : table_) {
    const std::int64_t stored_at = kept.entry.info.stored_at_ms;
    if (stats.oldest_stored_at_ms == 0 || stored_at < stats.oldest_stored_at_ms) stats.oldest_stored_at_ms = stored_at;
  }
  return stats;
}

std::string MemoryCache::description() const {
  return "memory:?size=" + std::to_string(capacity_bytes_);
}

void MemoryCache::evict(Table::iterator kept) {
  const std::string& name_space = kept->second.entry.info.name_space;
  usage_.evicted(name_space);
  telemetry::CacheNoteScope::tell(telemetry::CacheNote::kEvicted, kept->first, name_space);
  remove(kept);
}

void MemoryCache::remove(Table::iterator kept) {
  const EntryInfo& info = kept->second.entry.info;
  const std::uint64_t size = kept->second.entry.payload->size();
  used_bytes_ -= size;
  if (const auto taken = taken_.find(info.name_space); taken != taken_.end()) {
    taken->second -= size;
    if (taken->second == 0) taken_.erase(taken);
  }
  if (info.expires_at_ms != 0) expiry_.erase({info.expires_at_ms, kept->first});
  recency_.erase(kept->second.place);
  table_.erase(kept);
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> make_memory_cache(std::uint64_t capacity_bytes, const CachePolicy& policy) {
  if (capacity_bytes == 0) {
    throw Error(ErrorCode::kInvalidArgument, "the memory cache's size is 0 bytes; at least 1 is expected");
  }
  return std::make_shared<cache::MemoryCache>(capacity_bytes, policy);
}

}  // namespace v0
}  // namespace zimg
