// A TraceEvent tells one thing that happened to a request on its way through a Generator.
//
// Every request ends in one event that tells how it was answered (hit, miss, joined, bypassed or failed) with its
// times; events before it tell why, and those of its store, which may come later, what became of entries. None holds
// the prompt unless GeneratorOptions::trace_prompts asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "zimg/export.hpp"
#include "zimg/result.hpp"

namespace zimg {
inline namespace v0 {

enum class TraceKind : std::uint8_t {
  // How a request was answered.
  kHit = 0,       // from the cache
  kMiss = 1,      // looked for in vain: drawn, or not found where nothing was to be drawn
  kJoined = 2,    // by a drawing that was under way, here or in another process
  kBypassed = 3,  // drawn without a look into the cache; `reason` tells why
  kFailed = 4,    // not at all; `reason` is the error code's name, or "a callback's own" where a callback threw
  // What happened on the way.
  kExpired = 5,      // an entry had outlived its time
  kInvalidated = 6,  // an entry was given up; `reason` tells why: "refresh" where its picture was drawn anew
  kFiltered = 7,     // a keyword list matched; `reason` is "no-store" or "tag" (a refusal is kFailed, "refused")
  kEvicted = 8,      // an entry went to make room for this one: key and namespace are those of the one that went
  kCorrupt = 9,      // an entry failed its check and was erased
};
ZIMG_API const char* trace_kind_name(TraceKind kind) noexcept;  // "hit", "miss" ...

struct TraceEvent {
  TraceKind kind = TraceKind::kHit;
  std::int64_t at_ms = 0;  // Unix time in milliseconds
  std::string key_prefix;  // the first 12 hexadecimal digits; empty where it failed before it had one, or in a callback
  std::string name_space;
  std::string reason;   // a few words, or empty
  StageTimes times_ms;  // of an answer; all 0 otherwise
  std::string prompt;   // as drawn, in answers and only where it was asked for
};

// Called on the thread that asks or on the storing thread; one event at a time for each request, but from several
// threads for several. It must not ask the Generator for a picture or a key, nor drain it. What it throws is lost.
using TraceCallback = std::function<void(const TraceEvent& event)>;

// The event as one JSON object on one line, without the line's end. Times are in milliseconds; stages that did not run
// are left out. docs/caching.md lists the fields.
ZIMG_API std::string trace_json(const TraceEvent& event);

}  // namespace v0
}  // namespace zimg
