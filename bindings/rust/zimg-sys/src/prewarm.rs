//! Prewarming.

use std::os::raw::{c_char, c_void};

use crate::*;

extern "C" {
    pub fn zimg_prewarm_create(out_prewarm: *mut *mut zimg_prewarm, out_error: *mut *mut zimg_error) -> zimg_status;
    /// A copy of `request`, whose cache mode and progress callback are not read. The higher
    /// priorities are drawn first.
    pub fn zimg_prewarm_add(
        prewarm: *mut zimg_prewarm,
        request: *const zimg_request,
        priority: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// No drawing is begun once a budget is spent. Not set: no end.
    pub fn zimg_prewarm_set_budget_pictures(
        prewarm: *mut zimg_prewarm,
        pictures: u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_prewarm_set_budget_seconds(
        prewarm: *mut zimg_prewarm,
        seconds: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_prewarm_set_budget_bytes(
        prewarm: *mut zimg_prewarm,
        bytes: u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Requests side by side, 1 to 64; 2 at first.
    pub fn zimg_prewarm_set_at_once(
        prewarm: *mut zimg_prewarm,
        requests: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_prewarm_set_cancel_token(
        prewarm: *mut zimg_prewarm,
        token: *const zimg_cancel_token,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Draws what is missing; blocks. The tally has LISTED CHECKED MISSING DONE DRAWN_BYTES;
    /// `on_progress` may be NULL, and where it returns 0 the run ends as cancelled. That single
    /// items failed is told in the report.
    pub fn zimg_prewarm_run(
        prewarm: *const zimg_prewarm,
        generator: *mut zimg_generator,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_report: *mut *mut zimg_prewarm_report,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_prewarm_destroy(prewarm: *mut zimg_prewarm);
    pub fn zimg_prewarm_report_end(report: *const zimg_prewarm_report) -> zimg_prewarm_end;
    /// Why pictures are not stored; empty otherwise.
    pub fn zimg_prewarm_report_note(report: *const zimg_prewarm_report, out_size: *mut usize) -> *const c_char;
    /// LISTED DIFFERENT FOUND DRAWN UNSTORED LEFT DRAWN_BYTES.
    pub fn zimg_prewarm_report_count(report: *const zimg_prewarm_report, count: zimg_count) -> u64;
    pub fn zimg_prewarm_report_seconds(report: *const zimg_prewarm_report) -> f64;
    pub fn zimg_prewarm_report_failure_count(report: *const zimg_prewarm_report) -> usize;
    /// Its place in the list, from 0.
    pub fn zimg_prewarm_report_failure_item(report: *const zimg_prewarm_report, index: usize) -> usize;
    pub fn zimg_prewarm_report_failure_status(report: *const zimg_prewarm_report, index: usize) -> zimg_status;
    pub fn zimg_prewarm_report_failure_message(
        report: *const zimg_prewarm_report,
        index: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_prewarm_report_destroy(report: *mut zimg_prewarm_report);
}
