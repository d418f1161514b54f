//! Metrics and traces.

use std::os::raw::c_char;

use crate::*;

extern "C" {
    /// HITS MISSES JOINED BYPASSED FAILED EXPIRED INVALIDATED FILTERED EVICTED CORRUPT DRAWN STORED
    /// UNSTORED SAVED_BYTES.
    pub fn zimg_metrics_count(metrics: *const zimg_metrics, count: zimg_count) -> u64;
    /// Hits / (hits + misses)
    pub fn zimg_metrics_hit_rate(metrics: *const zimg_metrics) -> f64;
    /// What drawing the hits would have taken
    pub fn zimg_metrics_saved_ms(metrics: *const zimg_metrics) -> f64;
    /// How many latencies fell into bucket `index`: above the bound before and at most its own,
    /// zimg_histogram_bound_ms(); the last bucket, at zimg_histogram_bound_count(), holds what is
    /// longer than every bound.
    pub fn zimg_histogram_bound_count() -> usize;
    pub fn zimg_histogram_bound_ms(index: usize) -> f64;
    pub fn zimg_metrics_bucket(metrics: *const zimg_metrics, histogram: zimg_histogram, index: usize) -> u64;
    pub fn zimg_metrics_sum_ms(metrics: *const zimg_metrics, histogram: zimg_histogram) -> f64;
    /// What the share `quantile` (0 to 1) of the latencies stayed below.
    pub fn zimg_metrics_quantile_ms(metrics: *const zimg_metrics, histogram: zimg_histogram, quantile: f64) -> f64;
    /// All of them in the text format of Prometheus, version 0.0.4.
    pub fn zimg_metrics_prometheus(
        metrics: *const zimg_metrics,
        out_text: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_metrics_destroy(metrics: *mut zimg_metrics);
    pub fn zimg_trace_event_kind(event: *const zimg_trace_event) -> zimg_trace_kind;
    pub fn zimg_trace_event_at_ms(event: *const zimg_trace_event) -> i64;
    /// The first 12 hexadecimal digits; empty where the request failed before it had a key.
    pub fn zimg_trace_event_key_prefix(event: *const zimg_trace_event, out_size: *mut usize) -> *const c_char;
    pub fn zimg_trace_event_namespace(event: *const zimg_trace_event, out_size: *mut usize) -> *const c_char;
    pub fn zimg_trace_event_reason(event: *const zimg_trace_event, out_size: *mut usize) -> *const c_char;
    pub fn zimg_trace_event_prompt(event: *const zimg_trace_event, out_size: *mut usize) -> *const c_char;
    pub fn zimg_trace_event_stage_ms(event: *const zimg_trace_event, stage: zimg_stage) -> f64;
    /// The event as one JSON object on one line.
    pub fn zimg_trace_event_json(
        event: *const zimg_trace_event,
        out_text: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
}
