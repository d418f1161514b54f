//! Requests: which picture is wanted, and the steps of its drawing.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

/// One step of a drawing. It comes from the drawing thread, before the first step and after each.
/// Asking the same generator for a picture from here is ZIMG_STATUS_INVALID_ARGUMENT: it would wait
/// for itself.
pub type zimg_progress_function = Option<unsafe extern "C" fn(user_data: *mut c_void, progress: *const zimg_progress)>;

extern "C" {
    pub fn zimg_request_create(out_request: *mut *mut zimg_request, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_request_clone(
        request: *const zimg_request,
        out_request: *mut *mut zimg_request,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At most 1 MiB; empty, as at first, is drawn. Only the first 512 tokens reach the model.
    pub fn zimg_request_set_prompt(
        request: *mut zimg_request,
        prompt: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// What to steer away from. Live only where guidance is above 0.
    pub fn zimg_request_set_negative_prompt(
        request: *mut zimg_request,
        prompt: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Pixels, multiples of the model's size step. Not set: the model's own (Z-Image 1024x1024,
    /// built-in 256x256).
    pub fn zimg_request_set_size(
        request: *mut zimg_request,
        width: u32,
        height: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 1 to 1000. Not set: the model's own (Turbo and built-in 8, base 50).
    pub fn zimg_request_set_steps(
        request: *mut zimg_request,
        steps: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 0 (off) to 100: the usual "CFG scale" less 1. Not set: the model's own (Turbo and built-in 0,
    /// base 4).
    pub fn zimg_request_set_guidance(
        request: *mut zimg_request,
        guidance: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 0 to 100: the reference's cfg_normalization; 0, as at first, is off.
    pub fn zimg_request_set_guidance_normalization(
        request: *mut zimg_request,
        normalization: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 0 to 1: no guidance at steps whose noise level is below 1 less this; 1, as at first: at all
    /// steps.
    pub fn zimg_request_set_guidance_truncation(
        request: *mut zimg_request,
        truncation: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_SCHEDULE_LINEAR at first.
    pub fn zimg_request_set_schedule(
        request: *mut zimg_request,
        schedule: zimg_schedule,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 42 at first. The low 32 bits are what the noise reads. Takes back
    /// zimg_request_set_random_seed().
    pub fn zimg_request_set_seed(request: *mut zimg_request, seed: u64, out_error: *mut *mut zimg_error)
        -> zimg_status;
    /// A fresh seed at each asking: never a hit, never joined.
    pub fn zimg_request_set_random_seed(
        request: *mut zimg_request,
        is_random: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Decode in overlapping tiles: less memory, other pixels, so another key.
    pub fn zimg_request_set_vae_tiling(
        request: *mut zimg_request,
        is_tiled: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_MATCH_LEVEL_NORMALIZED at first.
    pub fn zimg_request_set_match_level(
        request: *mut zimg_request,
        level: zimg_match_level,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture.
    /// "default" at first.
    pub fn zimg_request_set_namespace(
        request: *mut zimg_request,
        name: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_IMAGE_FORMAT_PNG at first.
    pub fn zimg_request_set_format(
        request: *mut zimg_request,
        format: zimg_image_format,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 1 to 100, read for JPEG only; 90 at first.
    pub fn zimg_request_set_jpeg_quality(
        request: *mut zimg_request,
        quality: i32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Write the canonical request into the delivered file's text chunks. Off at first.
    pub fn zimg_request_set_splice_parameters(
        request: *mut zimg_request,
        is_spliced: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_CACHE_MODE_NORMAL at first.
    pub fn zimg_request_set_cache_mode(
        request: *mut zimg_request,
        mode: zimg_cache_mode,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// How long the picture is kept once stored, in milliseconds: 1 ms to 100 years. Not set: the
    /// cache's rule for the namespace; without one, until it is evicted.
    pub fn zimg_request_set_ttl_ms(
        request: *mut zimg_request,
        ttl_ms: i64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 0 to less than 1: the share of it that chance may take off.
    pub fn zimg_request_set_ttl_jitter(
        request: *mut zimg_request,
        jitter: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At most 255 bytes, kept beside the picture, for purging by it.
    pub fn zimg_request_set_tag(
        request: *mut zimg_request,
        tag: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Never evicted for room; it expires all the same.
    pub fn zimg_request_set_pin(
        request: *mut zimg_request,
        is_pinned: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Make a small preview after each step but the last, which costs a few milliseconds.
    pub fn zimg_request_set_preview(
        request: *mut zimg_request,
        is_wanted: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// `on_progress` may be NULL, to have none any more.
    pub fn zimg_request_set_progress(
        request: *mut zimg_request,
        on_progress: zimg_progress_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// In place of the one before. NULL is refused: a token is taken away by setting a new one, which
    /// nobody cancels.
    pub fn zimg_request_set_cancel_token(
        request: *mut zimg_request,
        token: *const zimg_cancel_token,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_request_destroy(request: *mut zimg_request);
    /// Steps finished
    pub fn zimg_progress_step(progress: *const zimg_progress) -> u32;
    /// In all
    pub fn zimg_progress_steps(progress: *const zimg_progress) -> u32;
    /// Pixels of the preview; NULL where there is none. The last three may be NULL.
    pub fn zimg_progress_preview(
        progress: *const zimg_progress,
        out_width: *mut u32,
        out_height: *mut u32,
        out_size: *mut usize,
    ) -> *const u8;
}
