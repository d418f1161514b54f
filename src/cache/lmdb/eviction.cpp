#include "cache/lmdb/eviction.hpp"

#include <algorithm>
#include <utility>

#include "cache/policy/usage_recorder.hpp"

namespace zimg::cache {
namespace {

constexpr std::size_t kAgesLookedAt = 32;  // at each end: from the oldest on, and from where it stopped last time

}  // namespace

Eviction::Eviction(MDB_txn* txn, const Circumstances& circumstances)
    : txn_(txn), at_(circumstances), hand_(circumstances.start) {}

bool Eviction::down_to_pages(std::uint64_t goal_pages) {
  return evict_until(Scope::kAll, [&] { return at_.tables.pages_in_use(txn_) <= goal_pages; });
}

bool Eviction::own_down_to(std::uint64_t goal_bytes) {
  return evict_until(Scope::kOwn, [&] { return at_.tables.taken_by(txn_, at_.name_space) <= goal_bytes; });
}

template <class IsDone>
bool Eviction::evict_until(Scope scope, const IsDone& is_done) {
  if (is_done()) return true;
  std::uint64_t oldest = 0;
  clear_unsound(oldest, is_done);
  clear_unsound(at_.age_hand, is_done);
  if (is_done()) return true;
  if (at_.frequencies == nullptr) return evict_by_age(scope, is_done);
  for (;;) {  // a round takes a few of each sample
    const std::size_t before = evicted_.size();
    if (evict_sampled(scope, true, is_done)) return true;
    if (evicted_.size() == before && evict_sampled(scope, false, is_done)) return true;
    if (evicted_.size() == before) return false;
  }
}

// Erases what has expired and what no header names, among the next few by age; begins anew at the end.
template <class IsDone>
void Eviction::clear_unsound(std::uint64_t& from, const IsDone& is_done) {
  for (std::size_t i = 0; i < kAgesLookedAt && !is_done(); ++i) {
    const auto next = at_.tables.next_by_age(txn_, from);
    if (!next) {
      from = 0;
      return;
    }
    from = next->id + 1;
    const auto raw = at_.tables.header(txn_, next->key);
    const auto prefix = raw ? decode_prefix(raw->data(), raw->size()) : std::nullopt;
    if (!prefix || prefix->id != next->id) {
      at_.tables.erase_left_behind(txn_, *next);
      continue;
    }
    EntryHeader header;
    if (decode_header(raw->data(), raw->size(), next->key, header) != HeaderState::kSound) continue;
    if (is_expired(header.info, at_.now_ms)) evict(next->key, header.info.name_space);
  }
}

template <class IsDone>
bool Eviction::evict_by_age(Scope scope, const IsDone& is_done) {
  std::uint64_t from = 0;
  while (!is_done()) {
    const auto next = at_.tables.next_by_age(txn_, from);
    if (!next) return false;
    from = next->id + 1;
    const auto raw = at_.tables.header(txn_, next->key);
    EntryHeader header;
    const HeaderState state = raw ? decode_header(raw->data(), raw->size(), next->key, header) : HeaderState::kDamaged;
    if (state == HeaderState::kDamaged || (state == HeaderState::kSound && header.id != next->id)) {
      at_.tables.erase_left_behind(txn_, *next);
    } else if (state == HeaderState::kNewer  // whose it is cannot be told
                   ? scope == Scope::kAll && !decode_prefix(raw->data(), raw->size())->is_pinned
                   : may_go(header, scope)) {
      evict(next->key, header.info.name_space);
    }
  }
  return true;
}

// Goes once around the keys, a sample at a time. They are listed as the last commit left them: what this transaction
// has erased since is passed over, and is not counted as seen.
template <class IsDone>
bool Eviction::evict_sampled(Scope scope, bool spares_window, const IsDone& is_done) {
  const EvictionWindow window{at_.tables.newest_id(txn_), at_.tables.entry_count(txn_)};
  std::uint64_t left = window.entries;
  std::vector<EvictionCandidate> sample;
  std::vector<std::pair<CacheKey, std::string>> named;
  bool is_from_start = false;
  while (left > 0 && !is_done()) {
    const auto listed = at_.tables.list(txn_, hand_, std::min<std::uint64_t>(left, kEvictionSample));
    if (!listed.empty()) {
      hand_ = listed.back().key;
    } else if (std::exchange(is_from_start, true)) {
      left = 0;
    } else {
      hand_.reset();
      continue;
    }
    for (const auto& [key, raw] : listed) {
      if (!at_.tables.header(txn_, key)) continue;
      --left;
      EntryHeader header;
      const HeaderState state = decode_header(raw.data(), raw.size(), key, header);
      const auto prefix = decode_prefix(raw.data(), raw.size());
      if (state == HeaderState::kDamaged) {
        at_.tables.erase(txn_, key);
        continue;
      }
      if (state == HeaderState::kNewer) {  // what cannot be read is worth little, but it may be pinned
        if (prefix->is_pinned || scope == Scope::kOwn) continue;
        header.id = prefix->id;
        header.payload_bytes = kChunkBytes;
      } else if (!may_go(header, scope)) {
        continue;
      }
      sample.push_back({UsageRecorder::hash_of(key), header.payload_bytes, header.info.draw_ms, header.id,
                        is_expired(header.info, at_.now_ms)});
      named.emplace_back(key, header.info.name_space);
    }
    if (sample.size() < kEvictionSample && left > 0) continue;
    for (const std::size_t place : choose_victims(sample, window, spares_window, *at_.frequencies)) {
      if (is_done()) break;
      const std::uint64_t bytes = sample[place].bytes;
      const std::string& owner = named[place].second;
      // The one before it may have brought its namespace down to what is reserved.
      if (scope == Scope::kAll && !rules_let_go(owner, bytes)) continue;
      evict(named[place].first, owner);
    }
    sample.clear();
    named.clear();
  }
  return is_done();
}

bool Eviction::may_go(const EntryHeader& header, Scope scope) const {
  const EntryInfo& info = header.info;
  if (info.is_pinned) return false;
  if (scope == Scope::kOwn) return info.name_space == at_.name_space;
  return rules_let_go(info.name_space, header.payload_bytes);
}

bool Eviction::rules_let_go(const std::string& owner, std::uint64_t bytes) const {
  return !at_.rules.has_quotas() || at_.rules.may_evict(at_.name_space, owner, bytes, at_.tables.taken_by(txn_, owner));
}

void Eviction::evict(const CacheKey& key, const std::string& name_space) {
  if (at_.tables.erase(txn_, key)) evicted_.push_back({key, name_space});
}

}  // namespace zimg::cache
