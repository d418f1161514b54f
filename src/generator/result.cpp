#include "zimg/result.hpp"

#include <tuple>

#include "generator/store_state.hpp"
#include "zimg/pipeline.hpp"

namespace zimg {
inline namespace v0 {

IDrawingObserver::~IDrawingObserver() = default;
IPipeline::~IPipeline() = default;

const char* outcome_name(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kHit:
      return "hit";
    case Outcome::kDrawn:
      return "drawn";
    case Outcome::kJoined:
      return "joined";
  }
  return "unknown";
}

const char* stored_name(Stored stored) noexcept {
  switch (stored) {
    case Stored::kYes:
      return "yes";
    case Stored::kNo:
      return "no";
    case Stored::kPending:
      return "pending";
  }
  return "unknown";
}

void Report::refresh_stored() {
  if (store_state) std::tie(stored, store_note) = store_state->now();
}

}  // namespace v0
}  // namespace zimg
