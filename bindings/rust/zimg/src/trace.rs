use crate::error::made;
use crate::text::{take_text, text_of};
use crate::{sys, Result, Stage, TraceKind};

view! {
    /// What happened to a request.
    TraceEvent, zimg_trace_event
}

impl TraceEvent {
    pub fn kind(&self) -> TraceKind {
        TraceKind::from_raw(unsafe { sys::zimg_trace_event_kind(self.as_ptr()) })
    }

    /// Unix time in milliseconds.
    pub fn at_ms(&self) -> i64 {
        unsafe { sys::zimg_trace_event_at_ms(self.as_ptr()) }
    }

    /// The first 12 hexadecimal digits; empty where the request failed before it had a key.
    pub fn key_prefix(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_trace_event_key_prefix(self.as_ptr(), size)) }
    }

    pub fn namespace(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_trace_event_namespace(self.as_ptr(), size)) }
    }

    pub fn reason(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_trace_event_reason(self.as_ptr(), size)) }
    }

    /// Empty unless the trace was asked for prompts.
    pub fn prompt(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_trace_event_prompt(self.as_ptr(), size)) }
    }

    pub fn stage_ms(&self, stage: Stage) -> f64 {
        unsafe { sys::zimg_trace_event_stage_ms(self.as_ptr(), stage.into_raw()) }
    }

    /// The event as one JSON object on one line.
    pub fn json(&self) -> Result<String> {
        let raw = made(|out, error| unsafe { sys::zimg_trace_event_json(self.as_ptr(), out, error) })?;
        Ok(unsafe { take_text(raw) })
    }
}
