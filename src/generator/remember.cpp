#include <chrono>
#include <utility>

#include "base/scope_exit.hpp"
#include "generator/exception_text.hpp"
#include "generator/generator_impl.hpp"
#include "generator/store_notes.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

constexpr const char* kUnwritable = "the cache could not be written: ";

std::string note_of(StoreOutcome outcome) {
  switch (outcome) {
    case StoreOutcome::kStored:
      return "";
    case StoreOutcome::kTooFull:
      return "the cache is full";
    case StoreOutcome::kTooLarge:
      return generator::kTooLarge;
    case StoreOutcome::kOverQuota:
      return "the namespace may not take more of the cache";
  }
  return "the cache gave an unknown answer";
}

}  // namespace

// Why the cache does not keep it, one sentence; empty where it does. Counts both, a store that fails too.
std::string Generator::Impl::store(const CacheKey& key, const CacheEntry& entry) noexcept {
  const generator::Tracer::Listening listening(tracer_, entry.info.name_space);
  const auto start = std::chrono::steady_clock::now();
  std::string note;
  try {
    note = note_of(cache_->store(key, entry));
  } catch (...) {
    note = generator::text_of_current_exception(kUnwritable);
  }
  tracer_.counters.count_store(note.empty(), telemetry::milliseconds_since(start));
  return note;
}

// What was to be kept and is not, without the cache having been asked to.
void Generator::Impl::leave_out(StoreState& state, std::string note) noexcept {
  tracer_.counters.count_left_out();
  state.settle(Stored::kNo, std::move(note));
}

// Of an entry that is gone, not before: a drawing may fail, and a store be refused.
void Generator::Impl::tell_refreshed(const CacheKey& key, const Keeping& keeping) noexcept {
  tracer_.tell(TraceKind::kInvalidated, key, keeping.entry.info.name_space, "refresh");
}

// All that is kept of a picture that is drawn anew, but for what is replaced anyway: a JPEG that was made of the old
// one would otherwise outlive it. True where some of it was pinned, what is replaced too: what somebody pinned stays so
// in whatever form it is kept now, and only unpinning and erasing end that.
bool Generator::Impl::give_way(const Keeping& keeping) {
  bool was_pinned = false;
  for (const CacheKey& key : keys_of_picture(*keeping.refreshed)) {
    if (!cache_->contains(key)) continue;
    const auto standing = cache_->peek(key);
    was_pinned |= standing && standing->info.is_pinned;
    if (key != keeping.key && cache_->erase(key)) tell_refreshed(key, keeping);
  }
  return was_pinned;
}

// On the storing thread, where no other store of ours comes between. What was found or stored and is no longer there
// has given way to a picture that was drawn anew, or was erased; what could not be stored has done neither.
bool Generator::Impl::is_outlived(const Origin& origin, const std::optional<CacheEntry>& standing) {
  if (standing) return !standing->payload || *standing->payload != *origin.payload;
  return !origin.state || origin.state->now().first != Stored::kNo;
}

// What is made of a picture that is kept expires with it, also where the cache itself has said when that is.
void Generator::Impl::store_beside(const Keeping& keeping, StoreState& state) {
  const auto standing = cache_->peek(keeping.origin->key);
  if (is_outlived(*keeping.origin, standing)) {
    return leave_out(state, "the picture that it belongs to is no longer kept");
  }
  CacheEntry entry = keeping.entry;
  if (standing) entry.info.expires_at_ms = standing->info.expires_at_ms;
  std::string note = store(keeping.key, entry);
  state.settle(note.empty() ? Stored::kYes : Stored::kNo, std::move(note));
}

void Generator::Impl::store_in_turn(const Keeping& keeping, StoreState& state) noexcept {
  try {
    if (std::string objection = drawer_.objection_to(keeping.drawer); !objection.empty()) {
      leave_out(state, std::move(objection));
    } else if (keeping.origin) {
      store_beside(keeping, state);
    } else {
      CacheEntry entry = keeping.entry;
      const bool replaces = keeping.refreshed && cache_->contains(keeping.key);
      if (keeping.refreshed) entry.info.is_pinned |= give_way(keeping);
      std::string note = store(keeping.key, entry);
      const bool is_stored = note.empty();
      if (replaces && is_stored) tell_refreshed(keeping.key, keeping);
      state.settle(is_stored ? Stored::kYes : Stored::kNo, std::move(note));
    }
  } catch (...) {
    leave_out(state, generator::text_of_current_exception(kUnwritable));
  }
}

void Generator::Impl::remember(Keeping keeping, const std::shared_ptr<StoreState>& state,
                               std::function<void()> afterwards) noexcept {
  base::ScopeExit end([&afterwards] {
    if (afterwards) afterwards();
  });
  try {
    auto work = [this, keeping = std::move(keeping), state, afterwards] {
      store_in_turn(keeping, *state);
      if (afterwards) afterwards();
    };
    if (stores_.post(std::move(work))) return end.dismiss();
    leave_out(*state, generator::kDropped);
  } catch (...) {
    leave_out(*state, generator::text_of_current_exception());
  }
}

}  // namespace v0
}  // namespace zimg
