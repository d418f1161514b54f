#include "zimg/cache.hpp"

#include <map>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

std::vector<CacheKey> matching_keys(ICache& cache, const EntryVisitor& match) {
  std::vector<CacheKey> keys;
  cache.list([&](const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
    if (match(key, info, payload_bytes)) keys.push_back(key);
    return true;
  });
  return keys;
}

}  // namespace

void check_entry(const CacheEntry& entry) {
  cache::check_limits(entry);
}

ICache::~ICache() = default;

std::optional<CacheEntry> ICache::try_find(const CacheKey& key) {
  return find(key);
}

void ICache::count_miss(const CacheKey&) {}

std::optional<CacheEntry> ICache::peek(const CacheKey& key) {
  return find(key);
}

std::vector<StoreOutcome> ICache::store_all(const std::vector<KeyedEntry>& entries) {
  for (const auto& [key, entry] : entries) cache::check_limits(entry);
  std::vector<StoreOutcome> outcomes;
  outcomes.reserve(entries.size());
  for (const auto& [key, entry] : entries) outcomes.push_back(store(key, entry));
  return outcomes;
}

void ICache::close() {}

bool ICache::contains(const CacheKey& key) {
  return find(key).has_value();
}

DrawingClaim ICache::claim_drawing(const CacheKey&) {
  return {};
}

std::uint64_t ICache::erase_if(const EntryVisitor& match) {
  std::uint64_t erased = 0;
  for (const CacheKey& key : matching_keys(*this, match)) erased += erase(key) ? 1 : 0;
  return erased;
}

void ICache::touch(const CacheKey&) {}

bool ICache::pin(const CacheKey& key, bool is_pinned) {
  auto entry = find(key);
  if (!entry) return false;
  if (entry->info.is_pinned == is_pinned) return true;
  entry->info.is_pinned = is_pinned;
  if (store(key, *entry) == StoreOutcome::kStored) return true;
  throw Error(ErrorCode::kCache,
              "the entry " + key.hex() + " could not be stored again " + (is_pinned ? "as pinned" : "as not pinned"));
}

std::vector<NamespaceStats> ICache::namespace_stats() {
  std::map<std::string, NamespaceStats> found;
  list([&](const CacheKey&, const EntryInfo& info, std::uint64_t payload_bytes) {
    NamespaceStats& part = found[info.name_space];
    if (part.entries == 0 || info.stored_at_ms < part.oldest_stored_at_ms) part.oldest_stored_at_ms = info.stored_at_ms;
    ++part.entries;
    part.payload_bytes += payload_bytes;
    part.pinned += info.is_pinned ? 1 : 0;
    return true;
  });
  std::vector<NamespaceStats> parts;
  for (auto& [name, part] : found) {
    part.name_space = name;
    parts.push_back(std::move(part));
  }
  return parts;
}

VerifyReport ICache::verify(const std::function<bool(const VerifyReport&)>& on_progress) {
  VerifyReport report;
  for (const CacheKey& key : matching_keys(*this, [](const auto&...) { return true; })) {
    const auto entry = peek(key);
    if (!entry) continue;  // expired or erased since it was listed; a cache that checks as it reads erased it itself
    ++report.entries;
    if (base::sha256(entry->payload->data(), entry->payload->size()) == entry->info.payload_sha256) {
      report.payload_bytes += entry->payload->size();
    } else {
      ++report.damaged;
      erase(key);
    }
    if (on_progress && !on_progress(report)) break;
  }
  return report;
}

}  // namespace v0
}  // namespace zimg
