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
      return "the picture is larger than the cache would hold";
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
// one would otherwise outlive it.
void Generator::Impl::give_way(const Keeping& keeping) {
  const auto erase = [&](const CacheKey& key) {
    if (key != keeping.key && cache_->contains(key) && cache_->erase(key)) tell_refreshed(key, keeping);
  };
  erase(*keeping.refreshed);
  for (int quality = 1; quality <= 100; ++quality) erase(entry_key(*keeping.refreshed, ImageFormat::kJpeg, quality));
}

// On the storing thread, where no other store of ours comes between. What was found or stored and is no longer there
// has given way to a picture that was drawn anew, or was erased; what could not be stored has done neither.
bool Generator::Impl::is_outlived(const Origin& origin) {
  if (const auto standing = cache_->peek(origin.key)) {
    return !standing->payload || *standing->payload != *origin.payload;
  }
  return !origin.state || origin.state->now().first != Stored::kNo;
}

// What somebody pinned stays pinned when it is drawn anew: only unpinning and erasing end that.
CacheEntry Generator::Impl::pinned_as_before(const Keeping& keeping) {
  CacheEntry entry = keeping.entry;
  const auto standing = cache_->peek(keeping.key);
  entry.info.is_pinned |= standing && standing->info.is_pinned;
  return entry;
}

void Generator::Impl::store_in_turn(const Keeping& keeping, StoreState& state) noexcept {
  try {
    if (std::string objection = drawer_.objection_to(keeping.drawer); !objection.empty()) {
      leave_out(state, std::move(objection));
    } else if (keeping.origin && is_outlived(*keeping.origin)) {
      leave_out(state, "the picture that it belongs to is no longer kept");
    } else {
      const bool replaces = keeping.refreshed && cache_->contains(keeping.key);
      if (keeping.refreshed) give_way(keeping);
      std::string note = store(keeping.key, replaces ? pinned_as_before(keeping) : keeping.entry);
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
