#include <utility>

#include "generator/exception_text.hpp"
#include "generator/generator_impl.hpp"
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

void Generator::Impl::remember(const CacheKey& key, const CacheEntry& entry, const std::shared_ptr<StoreState>& state,
                               std::function<void()> afterwards) {
  const auto store = [this, key, entry, state, afterwards] {
    try {
      if (!drawer_.is_unchanged()) {
        state->settle(Stored::kNo, "the model's files changed while the picture was drawn");
      } else {
        const StoreOutcome outcome = cache_->store(key, entry);
        state->settle(outcome == StoreOutcome::kStored ? Stored::kYes : Stored::kNo, note_of(outcome));
      }
    } catch (...) {
      state->settle(Stored::kNo, "the cache could not be written: " + generator::text_of_current_exception());
    }
    if (afterwards) afterwards();
  };
  try {
    if (stores_.post(store)) return;
    state->settle(Stored::kNo, "too many pictures were waiting to be stored");
  } catch (const Error& e) {
    state->settle(Stored::kNo, e.what());
  }
  if (afterwards) afterwards();
}

}  // namespace v0
}  // namespace zimg
