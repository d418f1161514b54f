#include "generator/tracer.hpp"

#include "cache/entry_codec.hpp"

namespace zimg::generator {
namespace {

constexpr std::size_t kPrefixDigits = 12;

TraceEvent event_of(TraceKind kind, const std::string& key, const std::string& name_space, const std::string& reason) {
  TraceEvent event;
  event.kind = kind;
  event.at_ms = cache::unix_now_ms();
  event.key_prefix = key.substr(0, kPrefixDigits);
  event.name_space = name_space;
  event.reason = reason;
  return event;
}

TraceKind kind_of(telemetry::CacheNote note) noexcept {
  switch (note) {
    case telemetry::CacheNote::kExpired:
      return TraceKind::kExpired;
    case telemetry::CacheNote::kCorrupt:
      return TraceKind::kCorrupt;
    case telemetry::CacheNote::kEvicted:
      break;
  }
  return TraceKind::kEvicted;
}

}  // namespace

void Tracer::send(const TraceEvent& event) noexcept {
  try {
    on_trace_(event);
  } catch (...) {  // a listener's failure is not the request's
  }
}

void Tracer::tell(TraceKind kind, const CacheKey& key, const std::string& name_space,
                  const std::string& reason) noexcept {
  counters.count(kind);
  if (!on_trace_) return;
  try {
    send(event_of(kind, key.hex(), name_space, reason));
  } catch (...) {  // no memory for the event
  }
}

void Tracer::answer(TraceKind kind, const Report& report, const std::string& reason,
                    const std::string& prompt) noexcept {
  counters.count(kind);
  if (!on_trace_) return;
  try {
    TraceEvent event = event_of(kind, report.key.hex(), report.name_space, reason);
    event.times_ms = report.times_ms;
    if (tells_prompts_) event.prompt = prompt;
    send(event);
  } catch (...) {  // no memory for the event
  }
}

void Tracer::fail(const std::string& reason) noexcept {
  counters.count(TraceKind::kFailed);
  if (!on_trace_) return;
  try {
    send(event_of(TraceKind::kFailed, "", "", reason));
  } catch (...) {  // no memory for the event
  }
}

void Tracer::Listening::on_note(telemetry::CacheNote note, const CacheKey& key,
                                const std::string& name_space) noexcept {
  try {
    notes_.push_back({kind_of(note), key, name_space.empty() ? name_space_ : name_space});
  } catch (...) {  // no memory for the note
  }
}

Tracer::Listening::~Listening() {
  for (const Note& note : notes_) tracer_.tell(note.kind, note.key, note.name_space);
}

}  // namespace zimg::generator
