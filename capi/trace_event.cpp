#include "capi/trace_event.hpp"

#include "capi/guard.hpp"
#include "capi/stage_times.hpp"
#include "capi/text.hpp"

using zimg::TraceKind;
using namespace zimg::capi;

static_assert(static_cast<int>(TraceKind::kHit) == ZIMG_TRACE_KIND_HIT);
static_assert(static_cast<int>(TraceKind::kMiss) == ZIMG_TRACE_KIND_MISS);
static_assert(static_cast<int>(TraceKind::kJoined) == ZIMG_TRACE_KIND_JOINED);
static_assert(static_cast<int>(TraceKind::kBypassed) == ZIMG_TRACE_KIND_BYPASSED);
static_assert(static_cast<int>(TraceKind::kFailed) == ZIMG_TRACE_KIND_FAILED);
static_assert(static_cast<int>(TraceKind::kExpired) == ZIMG_TRACE_KIND_EXPIRED);
static_assert(static_cast<int>(TraceKind::kInvalidated) == ZIMG_TRACE_KIND_INVALIDATED);
static_assert(static_cast<int>(TraceKind::kFiltered) == ZIMG_TRACE_KIND_FILTERED);
static_assert(static_cast<int>(TraceKind::kEvicted) == ZIMG_TRACE_KIND_EVICTED);
static_assert(static_cast<int>(TraceKind::kCorrupt) == ZIMG_TRACE_KIND_CORRUPT);

namespace {

const char* text_in(const zimg_trace_event* event, std::string zimg::TraceEvent::*field, size_t* out_size) {
  return view_of(alive(event) == nullptr ? nullptr : &(event->value->*field), out_size);
}

}  // namespace

const char* zimg_trace_kind_name(zimg_trace_kind kind) {
  const bool is_one = kind >= ZIMG_TRACE_KIND_HIT && kind <= ZIMG_TRACE_KIND_CORRUPT;
  return is_one ? zimg::trace_kind_name(static_cast<TraceKind>(kind)) : "unknown";
}

zimg_trace_kind zimg_trace_event_kind(const zimg_trace_event* event) {
  return alive(event) == nullptr ? 0 : static_cast<zimg_trace_kind>(event->value->kind);
}

int64_t zimg_trace_event_at_ms(const zimg_trace_event* event) {
  return alive(event) == nullptr ? 0 : event->value->at_ms;
}

const char* zimg_trace_event_key_prefix(const zimg_trace_event* event, size_t* out_size) {
  return text_in(event, &zimg::TraceEvent::key_prefix, out_size);
}

const char* zimg_trace_event_namespace(const zimg_trace_event* event, size_t* out_size) {
  return text_in(event, &zimg::TraceEvent::name_space, out_size);
}

const char* zimg_trace_event_reason(const zimg_trace_event* event, size_t* out_size) {
  return text_in(event, &zimg::TraceEvent::reason, out_size);
}

const char* zimg_trace_event_prompt(const zimg_trace_event* event, size_t* out_size) {
  return text_in(event, &zimg::TraceEvent::prompt, out_size);
}

double zimg_trace_event_stage_ms(const zimg_trace_event* event, zimg_stage stage) {
  return alive(event) == nullptr ? 0 : stage_ms(event->value->times_ms, stage);
}

zimg_status zimg_trace_event_json(const zimg_trace_event* event, zimg_text** out_text, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_text, "out_text");
    *out_text = new_text(zimg::trace_json(*required(event, "event").value));
  });
}
