//! Results and reports.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

extern "C" {
    /// The encoded picture, as long as the result lives.
    pub fn zimg_result_bytes(result: *const zimg_result, out_size: *mut usize) -> *const u8;
    /// The same octets, not copied, for longer than the result lives.
    pub fn zimg_result_share_bytes(
        result: *const zimg_result,
        out_bytes: *mut *mut zimg_bytes,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Copies the encoded picture to `buffer`; ZIMG_STATUS_INVALID_ARGUMENT where `capacity` is
    /// less than its size.
    pub fn zimg_result_copy_bytes(
        result: *const zimg_result,
        buffer: *mut c_void,
        capacity: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_result_format(result: *const zimg_result) -> zimg_image_format;
    pub fn zimg_result_width(result: *const zimg_result) -> u32;
    pub fn zimg_result_height(result: *const zimg_result) -> u32;
    pub fn zimg_result_report(result: *const zimg_result) -> *const zimg_report;
    /// Brings what the report says about storing up to date; final after zimg_generator_drain(). It
    /// may move what zimg_report_store_note() gave.
    pub fn zimg_result_refresh_stored(result: *mut zimg_result, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_result_destroy(result: *mut zimg_result);
    pub fn zimg_report_outcome(report: *const zimg_report) -> zimg_outcome;
    pub fn zimg_report_is_hit(report: *const zimg_report) -> c_int;
    pub fn zimg_report_key(report: *const zimg_report) -> *const zimg_key;
    pub fn zimg_report_stored(report: *const zimg_report) -> zimg_stored;
    /// Why it was not stored, one sentence; empty otherwise.
    pub fn zimg_report_store_note(report: *const zimg_report, out_size: *mut usize) -> *const c_char;
    /// A cache that could not be used, a flat picture: one sentence each.
    pub fn zimg_report_warning_count(report: *const zimg_report) -> usize;
    pub fn zimg_report_warning(report: *const zimg_report, index: usize, out_size: *mut usize) -> *const c_char;
    /// What was folded before key and model saw it, one phrase each.
    pub fn zimg_report_folded_count(report: *const zimg_report) -> usize;
    pub fn zimg_report_folded(report: *const zimg_report, index: usize, out_size: *mut usize) -> *const c_char;
    /// Tags of the keyword lists that tag.
    pub fn zimg_report_tag_count(report: *const zimg_report) -> usize;
    pub fn zimg_report_tag(report: *const zimg_report, index: usize, out_size: *mut usize) -> *const c_char;
    /// A hit made from the stored PNG
    pub fn zimg_report_is_converted(report: *const zimg_report) -> c_int;
    /// A keyword list names a word of the prompt
    pub fn zimg_report_is_filtered(report: *const zimg_report) -> c_int;
    /// One colour: delivered, never stored
    pub fn zimg_report_is_flat(report: *const zimg_report) -> c_int;
    /// As drawn
    pub fn zimg_report_seed(report: *const zimg_report) -> u32;
    pub fn zimg_report_steps(report: *const zimg_report) -> u32;
    pub fn zimg_report_guidance(report: *const zimg_report) -> f64;
    pub fn zimg_report_model(report: *const zimg_report, out_size: *mut usize) -> *const c_char;
    pub fn zimg_report_namespace(report: *const zimg_report, out_size: *mut usize) -> *const c_char;
    /// 64 hexadecimal digits, of the picture as stored, before parameters are spliced in.
    pub fn zimg_report_payload_sha256(report: *const zimg_report, out_size: *mut usize) -> *const c_char;
    /// Milliseconds; 0 for a stage that did not run.
    pub fn zimg_report_stage_ms(report: *const zimg_report, stage: zimg_stage) -> f64;
}
