//! Cancel tokens.

use std::os::raw::c_int;

use crate::*;

extern "C" {
    pub fn zimg_cancel_token_create(
        out_token: *mut *mut zimg_cancel_token,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// From any thread, as often as one likes; it stays cancelled. A drawing stops within one
    /// denoiser layer.
    pub fn zimg_cancel_token_cancel(token: *mut zimg_cancel_token);
    pub fn zimg_cancel_token_is_cancelled(token: *const zimg_cancel_token) -> c_int;
    pub fn zimg_cancel_token_destroy(token: *mut zimg_cancel_token);
}
