#include <chrono>
#include <utility>

#include "base/scope_exit.hpp"
#include "generator/exception_text.hpp"
#include "generator/generator_impl.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

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

// A store that fails counts as one too.
StoreOutcome Generator::Impl::store(const CacheKey& key, const CacheEntry& entry) {
  const generator::Tracer::Listening listening(tracer_, entry.info.name_space);
  bool is_stored = false;
  const auto start = std::chrono::steady_clock::now();
  const base::ScopeExit count([&] { tracer_.counters.count_store(is_stored, telemetry::milliseconds_since(start)); });
  const StoreOutcome outcome = cache_->store(key, entry);
  is_stored = outcome == StoreOutcome::kStored;
  return outcome;
}

// All that is kept of a picture that is drawn anew, but for what is replaced anyway: a JPEG that was made of the old
// one would otherwise outlive it.
void Generator::Impl::give_way(const Keeping& keeping) {
  const auto erase = [&](const CacheKey& key) {
    if (key != keeping.key && cache_->contains(key)) cache_->erase(key);
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

void Generator::Impl::store_in_turn(const Keeping& keeping, StoreState& state) noexcept {
  try {
    if (std::string objection = drawer_.objection_to(keeping.drawer); !objection.empty()) {
      state.settle(Stored::kNo, std::move(objection));
    } else if (keeping.origin && is_outlived(*keeping.origin)) {
      state.settle(Stored::kNo, "the picture that it belongs to is no longer kept");
    } else {
      if (keeping.refreshed) give_way(keeping);
      const StoreOutcome outcome = store(keeping.key, keeping.entry);
      state.settle(outcome == StoreOutcome::kStored ? Stored::kYes : Stored::kNo, note_of(outcome));
    }
  } catch (...) {
    state.settle(Stored::kNo, generator::text_of_current_exception("the cache could not be written: "));
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
    state->settle(Stored::kNo, "too many pictures were waiting to be stored");
  } catch (...) {
    state->settle(Stored::kNo, generator::text_of_current_exception());
  }
}

}  // namespace v0
}  // namespace zimg
