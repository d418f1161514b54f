//! Entries.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

extern "C" {
    pub fn zimg_entry_create(out_entry: *mut *mut zimg_entry, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_entry_clone(
        entry: *const zimg_entry,
        out_entry: *mut *mut zimg_entry,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The encoded picture, copied.
    pub fn zimg_entry_set_payload(
        entry: *mut zimg_entry,
        payload: *const c_void,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_entry_set_format(
        entry: *mut zimg_entry,
        format: zimg_image_format,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_entry_set_size(
        entry: *mut zimg_entry,
        width: u32,
        height: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_entry_set_seed(entry: *mut zimg_entry, seed: u32, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_entry_set_steps(entry: *mut zimg_entry, steps: u32, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_entry_set_guidance(
        entry: *mut zimg_entry,
        guidance: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// What drawing it again would cost.
    pub fn zimg_entry_set_draw_ms(entry: *mut zimg_entry, draw_ms: f64, out_error: *mut *mut zimg_error)
        -> zimg_status;
    /// Unix time; 0, as at first, lets the cache set it.
    pub fn zimg_entry_set_stored_at_ms(
        entry: *mut zimg_entry,
        time_ms: i64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Unix time; 0, as at first, is never.
    pub fn zimg_entry_set_expires_at_ms(
        entry: *mut zimg_entry,
        time_ms: i64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At most 64 bytes; a store refuses more.
    pub fn zimg_entry_set_namespace(
        entry: *mut zimg_entry,
        name: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At most 255 bytes; a store refuses more.
    pub fn zimg_entry_set_model(
        entry: *mut zimg_entry,
        name: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At most 255 bytes; a store refuses more.
    pub fn zimg_entry_set_tag(
        entry: *mut zimg_entry,
        tag: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_entry_set_pinned(
        entry: *mut zimg_entry,
        is_pinned: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 32 bytes, the SHA-256 of the payload; all zero, as at first, lets the cache compute it.
    pub fn zimg_entry_set_payload_sha256(
        entry: *mut zimg_entry,
        digest: *const u8,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// NULL where the payload was not read.
    pub fn zimg_entry_payload(entry: *const zimg_entry, out_size: *mut usize) -> *const u8;
    pub fn zimg_entry_format(entry: *const zimg_entry) -> zimg_image_format;
    pub fn zimg_entry_width(entry: *const zimg_entry) -> u32;
    pub fn zimg_entry_height(entry: *const zimg_entry) -> u32;
    pub fn zimg_entry_seed(entry: *const zimg_entry) -> u32;
    pub fn zimg_entry_steps(entry: *const zimg_entry) -> u32;
    pub fn zimg_entry_guidance(entry: *const zimg_entry) -> f64;
    pub fn zimg_entry_draw_ms(entry: *const zimg_entry) -> f64;
    pub fn zimg_entry_stored_at_ms(entry: *const zimg_entry) -> i64;
    pub fn zimg_entry_expires_at_ms(entry: *const zimg_entry) -> i64;
    pub fn zimg_entry_namespace(entry: *const zimg_entry, out_size: *mut usize) -> *const c_char;
    pub fn zimg_entry_model(entry: *const zimg_entry, out_size: *mut usize) -> *const c_char;
    pub fn zimg_entry_tag(entry: *const zimg_entry, out_size: *mut usize) -> *const c_char;
    pub fn zimg_entry_is_pinned(entry: *const zimg_entry) -> c_int;
    /// 32 bytes.
    pub fn zimg_entry_payload_sha256(entry: *const zimg_entry) -> *const u8;
    pub fn zimg_entry_destroy(entry: *mut zimg_entry);
}
