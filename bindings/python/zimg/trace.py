"""What happened to a request."""

from __future__ import annotations

from dataclasses import dataclass

from ._library import lib
from ._values import made_text, text_of
from .enums import Stage, TraceKind


@dataclass(frozen=True)
class TraceEvent:
    kind: TraceKind
    at_ms: int  # Unix time
    key_prefix: str  # 12 hexadecimal digits; empty where the request failed before it had a key
    namespace: str
    reason: str
    prompt: str  # empty unless the options ask for prompts
    stages_ms: dict[Stage, float]  # those that ran
    json: str  # the event as one JSON object on one line


def event_of(event: int) -> TraceEvent:
    stages = {stage: lib.zimg_trace_event_stage_ms(event, stage) for stage in Stage}
    return TraceEvent(
        TraceKind(lib.zimg_trace_event_kind(event)),
        lib.zimg_trace_event_at_ms(event),
        text_of(lib.zimg_trace_event_key_prefix, event),
        text_of(lib.zimg_trace_event_namespace, event),
        text_of(lib.zimg_trace_event_reason, event),
        text_of(lib.zimg_trace_event_prompt, event),
        {stage: ms for stage, ms in stages.items() if ms},
        made_text(lib, lib.zimg_trace_event_json, event),
    )
