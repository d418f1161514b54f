#include "cache/tier/tiered_cache.hpp"

#include <utility>

#include "base/closed.hpp"
#include "telemetry/cache_notes.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

// What fails here costs no more than time: the lower cache answers, and it alone tells what became of entries.
template <class Call>
void attempt(Call&& call) noexcept {
  const telemetry::CacheNoteScope silence(nullptr);
  try {
    call();
  } catch (...) {  // a cache of the program's own may throw anything
  }
}

}  // namespace

TieredCache::TieredCache(std::shared_ptr<ICache> upper, std::shared_ptr<ICache> lower)
    : upper_(std::move(upper)), lower_(std::move(lower)) {}

// Comes after the change of the lower cache: a lookup that read the lower cache before it then finds the generation
// moved, or its copy gone.
template <class Change>
void TieredCache::change_upper(Change&& change) {
  const std::lock_guard lock(mutex_);
  ++generation_;
  attempt(change);
}

std::uint64_t TieredCache::generation() {
  const std::lock_guard lock(mutex_);
  return generation_;
}

std::optional<CacheEntry> TieredCache::find(const CacheKey& key) {
  auto found = try_find(key);
  if (!found) count_miss(key);
  return found;
}

void TieredCache::count_miss(const CacheKey& key) {
  refuse_if_closed();
  attempt([&] { upper_->count_miss(key); });
  lower_->count_miss(key);
}

// Under the lock: whether the copy is above now. The pin is noted first, so that nobody finds the copy without it.
bool TieredCache::copy_up(const CacheKey& key, const CacheEntry& entry) {
  CacheEntry copy = entry;
  pinned_.set(key, copy.info.is_pinned);
  copy.info.is_pinned = false;
  return upper_->store(key, copy) == StoreOutcome::kStored;
}

// A cache of the program's own may have nothing to close, and may not know of forks. Nor may a forked child take the
// lock here: a thread that it lacks may have it.
void TieredCache::refuse_if_closed() const {
  base::expect_owner(*this, owner_);
  if (is_closed_) base::throw_closed(*this);
}

std::optional<CacheEntry> TieredCache::try_find(const CacheKey& key) {
  refuse_if_closed();
  std::optional<CacheEntry> found;
  attempt([&] { found = upper_->try_find(key); });
  if (found) {
    found->info.is_pinned = pinned_.has(key);
    attempt([&] { lower_->touch(key); });
    return found;
  }
  const std::uint64_t before = generation();
  found = lower_->try_find(key);
  if (found) {
    const std::lock_guard lock(mutex_);
    if (generation_ == before) attempt([&] { copy_up(key, *found); });
    attempt([&] { upper_->touch(key); });
  } else {
    pinned_.set(key, false);
  }
  return found;
}

std::optional<CacheEntry> TieredCache::peek(const CacheKey& key) {
  refuse_if_closed();
  return lower_->peek(key);
}

// What was erased or replaced below since the lower cache was asked to store may be `entry` itself: it goes above only
// where nothing changed meanwhile.
StoreOutcome TieredCache::store(const CacheKey& key, const CacheEntry& entry) {
  refuse_if_closed();
  const std::uint64_t before = generation();
  StoreOutcome outcome = StoreOutcome::kStored;
  try {
    outcome = lower_->store(key, entry);
  } catch (...) {
    change_upper([&] { upper_->erase(key); });
    throw;
  }
  std::optional<CacheEntry> kept;  // with the facts that the lower cache's rules gave it, its expiry among them
  if (outcome == StoreOutcome::kStored) attempt([&] { kept = lower_->peek(key); });
  const std::lock_guard lock(mutex_);
  const bool may_go_above = generation_++ == before && kept.has_value();
  bool is_above = false;
  attempt([&] { is_above = may_go_above && copy_up(key, *kept); });
  if (!is_above) attempt([&] { upper_->erase(key); });
  return outcome;
}

std::vector<StoreOutcome> TieredCache::store_all(const std::vector<KeyedEntry>& entries) {
  refuse_if_closed();
  const auto forget = [&] {
    for (const KeyedEntry& keyed : entries) upper_->erase(keyed.key);
  };
  // What comes by the dozen is not what is asked for next: it stays below until it is.
  try {
    auto outcomes = lower_->store_all(entries);
    change_upper(forget);
    return outcomes;
  } catch (...) {
    change_upper(forget);
    throw;
  }
}

void TieredCache::close() {
  is_closed_ = true;
  lower_->close();
  upper_->close();
}

bool TieredCache::contains(const CacheKey& key) {
  refuse_if_closed();
  bool is_above = false;
  attempt([&] { is_above = upper_->contains(key); });
  return is_above || lower_->contains(key);
}

DrawingClaim TieredCache::claim_drawing(const CacheKey& key) {
  refuse_if_closed();
  return lower_->claim_drawing(key);
}

bool TieredCache::erase(const CacheKey& key) {
  refuse_if_closed();
  const bool was_below = lower_->erase(key);
  bool was_above = false;
  change_upper([&] {
    pinned_.set(key, false);
    was_above = upper_->erase(key);
  });
  return was_below || was_above;
}

void TieredCache::touch(const CacheKey& key) {
  refuse_if_closed();
  attempt([&] { upper_->touch(key); });
  lower_->touch(key);
}

void TieredCache::list(const EntryVisitor& visit) {
  refuse_if_closed();
  lower_->list(visit);
}

// A purge that fails may have erased a part below, and nobody says which. A copy does not say for certain whether what
// it was made of is pinned: it goes where either would have it go.
std::uint64_t TieredCache::erase_if(const EntryVisitor& match) {
  refuse_if_closed();
  const EntryVisitor match_either_way = [&](const CacheKey& key, EntryInfo info, std::uint64_t payload_bytes) {
    const bool is_matched = match(key, info, payload_bytes);
    info.is_pinned = !info.is_pinned;
    return is_matched || match(key, info, payload_bytes);
  };
  std::uint64_t erased = 0;
  try {
    erased = lower_->erase_if(match);
  } catch (...) {
    change_upper([&] { upper_->erase_if([](const CacheKey&, const EntryInfo&, std::uint64_t) { return true; }); });
    throw;
  }
  change_upper([&] { upper_->erase_if(match_either_way); });
  return erased;
}

bool TieredCache::pin(const CacheKey& key, bool is_pinned) {
  refuse_if_closed();
  const bool is_there = lower_->pin(key, is_pinned);
  change_upper([&] {
    pinned_.set(key, is_there && is_pinned);
    if (!is_there) upper_->erase(key);
  });
  return is_there;
}

std::vector<NamespaceStats> TieredCache::namespace_stats() {
  refuse_if_closed();
  std::vector<NamespaceStats> parts = lower_->namespace_stats();
  attempt([&] {
    for (const NamespaceStats& above : upper_->namespace_stats()) {
      for (NamespaceStats& part : parts) {
        if (part.name_space != above.name_space) continue;
        part.hits += above.hits;
        part.saved_ms += above.saved_ms;
        part.saved_bytes += above.saved_bytes;
      }
    }
  });
  return parts;
}

// Reading all that is above takes its time, and erasing what is damaged there needs no turn: at worst a sound copy goes
// that was stored meanwhile.
VerifyReport TieredCache::verify(const std::function<bool(const VerifyReport&)>& on_progress) {
  refuse_if_closed();
  const VerifyReport report = lower_->verify(on_progress);
  change_upper([] {});  // nothing that was read below before is copied up any more
  attempt([&] { upper_->verify({}); });
  return report;
}

// Every lookup that the upper cache misses asks the lower one, so the misses are the lower one's alone.
CacheStats TieredCache::stats() {
  refuse_if_closed();
  CacheStats stats = lower_->stats();
  attempt([&] {
    const CacheStats above = upper_->stats();
    stats.hits += above.hits;
    stats.saved_ms += above.saved_ms;
    stats.saved_bytes += above.saved_bytes;
  });
  return stats;
}

std::string TieredCache::description() const {
  return upper_->description() + "," + lower_->description();
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> make_tiered_cache(std::shared_ptr<ICache> upper, std::shared_ptr<ICache> lower) {
  if (upper == nullptr || lower == nullptr) {
    throw Error(ErrorCode::kInvalidArgument, "one of the two caches of a tier is null; two caches are expected");
  }
  return std::make_shared<cache::TieredCache>(std::move(upper), std::move(lower));
}

}  // namespace v0
}  // namespace zimg
