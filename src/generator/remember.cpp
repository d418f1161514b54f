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

void Generator::Impl::remember(const CacheKey& key, const CacheEntry& entry, const std::shared_ptr<StoreState>& state,
                               std::function<void()> afterwards) {
  const auto work = [this, key, entry, state, afterwards] {
    try {
      if (!drawer_.is_unchanged()) {
        state->settle(Stored::kNo, "the model's files changed while the picture was drawn");
      } else {
        const StoreOutcome outcome = store(key, entry);
        state->settle(outcome == StoreOutcome::kStored ? Stored::kYes : Stored::kNo, note_of(outcome));
      }
    } catch (...) {
      state->settle(Stored::kNo, "the cache could not be written: " + generator::text_of_current_exception());
    }
    if (afterwards) afterwards();
  };
  try {
    if (stores_.post(work)) return;
    state->settle(Stored::kNo, "too many pictures were waiting to be stored");
  } catch (const Error& e) {
    state->settle(Stored::kNo, e.what());
  }
  if (afterwards) afterwards();
}

}  // namespace v0
}  // namespace zimg
