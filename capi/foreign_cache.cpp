#include "capi/foreign_cache.hpp"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include "base/closed.hpp"
#include "base/sha256.hpp"
#include "capi/callback_scope.hpp"
#include "capi/entry.hpp"
#include "capi/enumeration.hpp"
#include "capi/error.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/stats.hpp"
#include "capi/vtable.hpp"

namespace zimg::capi {
namespace {

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

CacheKey::Digest digest_of(const Bytes& payload) {
  return base::sha256(payload.data(), payload.size());
}

// Calls a function of the vtable. Whose generator waits for it is not known here.
template <class Function, class... Arguments>
void call(const char* name, Function function, Arguments... arguments) {
  const CallbackScope scope(nullptr);
  call_host(name, function, arguments...);
}

// An EntryVisitor on its way through the host and back. What it throws waits here, since C is between.
struct Visit {
  const EntryVisitor& visitor;
  std::exception_ptr failure;
};

int visit_entry(void* data, const zimg_key* key, const zimg_entry* entry, uint64_t payload_bytes) {
  auto& visit = *static_cast<Visit*>(data);
  if (visit.failure) return 0;  // told to stop, it goes on all the same
  int goes_on = 0;
  visit.failure = failure_of(
      [&] { goes_on = visit.visitor(required_key(key), *required(entry, "entry").info, payload_bytes) ? 1 : 0; });
  return goes_on;
}

}  // namespace

zimg_cache_vtable read_vtable(const zimg_cache_vtable* vtable) {
  const auto copy = copy_of_struct(vtable, offsetof(zimg_cache_vtable, release) + sizeof(vtable->release));
  require_function(copy.find, "find");
  require_function(copy.store, "store");
  require_function(copy.erase, "erase");
  return copy;
}

ForeignCache::ForeignCache(const zimg_cache_vtable& vtable, std::string description)
    : vtable_(vtable), description_(std::move(description)) {}

ForeignCache::Passage::Passage(ForeignCache& cache) : gate_(cache.gate_) {
  base::expect_owner(cache, cache.owner_);
  if (!gate_.enter()) base::throw_closed(cache);
}

void ForeignCache::close() {
  if (::getpid() == owner_) gate_.close();
}

ForeignCache::Reading ForeignCache::read(const CacheKey& key) {
  const Passage inside(*this);
  zimg_entry found;
  int is_there = 0;
  call("the cache's find", vtable_.find, user_data_.get(), view_of_key(key), &found, &is_there);
  if (is_there == 0) return {};
  const EntryInfo& info = found.own.info;
  if (info.expires_at_ms != 0 && info.expires_at_ms <= now_ms()) return {State::kExpired, {}};
  const bool is_sound = found.own.payload != nullptr && digest_of(*found.own.payload) == info.payload_sha256;
  if (!is_sound) return {State::kDamaged, {}};
  return {State::kSound, std::move(found.own)};
}

std::optional<CacheEntry> ForeignCache::usable(const CacheKey& key, Reading reading) {
  switch (reading.state) {
    case State::kSound:
      return std::move(reading.entry);
    case State::kExpired:
      ++expired_;
      break;
    case State::kDamaged:
      ++corrupt_;
      break;
    case State::kAbsent:
      return std::nullopt;
  }
  erase(key);
  return std::nullopt;
}

std::optional<CacheEntry> ForeignCache::find(const CacheKey& key) {
  auto found = usable(key, read(key));
  ++(found ? hits_ : misses_);
  return found;
}

std::optional<CacheEntry> ForeignCache::peek(const CacheKey& key) {
  return usable(key, read(key));
}

StoreOutcome ForeignCache::store(const CacheKey& key, const CacheEntry& entry) {
  const Passage inside(*this);
  check_entry(entry);
  zimg_entry kept{entry};
  if (kept.own.info.stored_at_ms == 0) kept.own.info.stored_at_ms = now_ms();
  if (kept.own.info.payload_sha256 == CacheKey::Digest{}) kept.own.info.payload_sha256 = digest_of(*entry.payload);
  zimg_store_outcome outcome = ZIMG_STORE_OUTCOME_STORED;
  const zimg_entry* view = &kept;
  call("the cache's store", vtable_.store, user_data_.get(), view_of_key(key), view, &outcome);
  if (outcome < ZIMG_STORE_OUTCOME_STORED || outcome > ZIMG_STORE_OUTCOME_OVER_QUOTA) {
    throw Error(ErrorCode::kCache,
                "the cache's store answered with the outcome " + std::to_string(outcome) + ", which is none");
  }
  ++(outcome == ZIMG_STORE_OUTCOME_STORED ? stores_ : rejected_);
  return static_cast<StoreOutcome>(outcome);
}

bool ForeignCache::contains(const CacheKey& key) {
  if (vtable_.contains == nullptr) return peek(key).has_value();
  const Passage inside(*this);
  int is_there = 0;
  call("the cache's contains", vtable_.contains, user_data_.get(), view_of_key(key), &is_there);
  return is_there != 0;
}

bool ForeignCache::erase(const CacheKey& key) {
  const Passage inside(*this);
  int was_there = 0;
  call("the cache's erase", vtable_.erase, user_data_.get(), view_of_key(key), &was_there);
  return was_there != 0;
}

void ForeignCache::list(const EntryVisitor& visit) {
  const Passage inside(*this);
  if (vtable_.list == nullptr) {
    throw Error(ErrorCode::kUnsupported, "the cache '" + description_ + "' cannot list what it holds");
  }
  Visit passing{visit, nullptr};
  call("the cache's list", vtable_.list, user_data_.get(), &visit_entry, static_cast<void*>(&passing));
  if (passing.failure) std::rethrow_exception(passing.failure);
}

bool ForeignCache::pin(const CacheKey& key, bool is_pinned) {
  if (vtable_.pin == nullptr) return ICache::pin(key, is_pinned);
  const Passage inside(*this);
  int is_there = 0;
  call("the cache's pin", vtable_.pin, user_data_.get(), view_of_key(key), is_pinned ? 1 : 0, &is_there);
  return is_there != 0;
}

std::vector<NamespaceStats> ForeignCache::namespace_stats() {
  return vtable_.list == nullptr ? std::vector<NamespaceStats>() : ICache::namespace_stats();
}

VerifyReport ForeignCache::verify(const std::function<bool(const VerifyReport&)>& on_progress) {
  std::vector<CacheKey> keys;
  list([&](const CacheKey& key, const EntryInfo&, std::uint64_t) {
    keys.push_back(key);
    return true;
  });
  VerifyReport report;
  for (const CacheKey& key : keys) {
    Reading reading = read(key);
    if (reading.state == State::kAbsent) continue;  // erased since it was listed
    ++report.entries;
    report.damaged += reading.state == State::kDamaged ? 1 : 0;
    if (const auto sound = usable(key, std::move(reading))) report.payload_bytes += sound->payload->size();
    if (on_progress && !on_progress(report)) break;
  }
  return report;
}

CacheStats ForeignCache::stats() {
  const Passage inside(*this);
  zimg_stats stats;
  stats.value.hits = hits_;
  stats.value.misses = misses_;
  stats.value.stores = stores_;
  stats.value.rejected = rejected_;
  stats.value.expired = expired_;
  stats.value.corrupt = corrupt_;
  if (vtable_.stats != nullptr) call("the cache's stats", vtable_.stats, user_data_.get(), &stats);
  return std::move(stats.value);
}

}  // namespace zimg::capi
