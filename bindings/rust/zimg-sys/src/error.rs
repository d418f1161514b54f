//! Errors, text and bytes that zimg hands out.

use std::os::raw::c_char;

use crate::*;

extern "C" {
    /// For the callbacks of a foreign cache or pipeline, which report their failures as zimg does.
    /// NULL when there is no memory, or when `status` is ZIMG_STATUS_OK or none; a `message` that
    /// is no UTF-8 is replaced.
    pub fn zimg_error_create(status: zimg_status, message: *const c_char, size: usize) -> *mut zimg_error;
    pub fn zimg_error_status(error: *const zimg_error) -> zimg_status;
    /// One English sentence that names the file, field or key; never a prompt or a secret.
    pub fn zimg_error_message(error: *const zimg_error, out_size: *mut usize) -> *const c_char;
    pub fn zimg_error_destroy(error: *mut zimg_error);
    pub fn zimg_text_data(text: *const zimg_text, out_size: *mut usize) -> *const c_char;
    pub fn zimg_text_destroy(text: *mut zimg_text);
    pub fn zimg_bytes_data(bytes: *const zimg_bytes, out_size: *mut usize) -> *const u8;
    pub fn zimg_bytes_destroy(bytes: *mut zimg_bytes);
}
