//! Pipelines of the caller's own.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

/// Draws in place of the engine.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zimg_pipeline_vtable {
    /// `sizeof(zimg_pipeline_vtable)`.
    pub struct_size: usize,
    /// Draws what `drawing` orders and fills `out_picture` by zimg_picture_set_rgb(), in the size
    /// that was ordered. Equal orders give equal pixels. Called from any thread. Asks
    /// zimg_drawing_is_cancelled() now and then and returns ZIMG_STATUS_CANCELLED then.
    pub draw: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            drawing: *const zimg_drawing,
            out_picture: *mut zimg_picture,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// Called once when nothing uses the pipeline any more. NULL: nothing to do.
    pub release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
}

extern "C" {
    /// `identity`, not empty, stands for engine and precision in the key. The vtable is copied.
    pub fn zimg_options_set_pipeline(
        options: *mut zimg_options,
        vtable: *const zimg_pipeline_vtable,
        user_data: *mut c_void,
        identity: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_drawing_prompt(drawing: *const zimg_drawing, out_size: *mut usize) -> *const c_char;
    /// Empty where guidance is 0.
    pub fn zimg_drawing_negative_prompt(drawing: *const zimg_drawing, out_size: *mut usize) -> *const c_char;
    pub fn zimg_drawing_width(drawing: *const zimg_drawing) -> u32;
    pub fn zimg_drawing_height(drawing: *const zimg_drawing) -> u32;
    /// Noise levels of the steps, descending from at most 1; the closing 0 is implied.
    pub fn zimg_drawing_sigmas(drawing: *const zimg_drawing, out_count: *mut usize) -> *const f32;
    pub fn zimg_drawing_guidance(drawing: *const zimg_drawing) -> f32;
    pub fn zimg_drawing_guidance_normalization(drawing: *const zimg_drawing) -> f32;
    pub fn zimg_drawing_guidance_truncation(drawing: *const zimg_drawing) -> f32;
    pub fn zimg_drawing_seed(drawing: *const zimg_drawing) -> u32;
    pub fn zimg_drawing_is_vae_tiled(drawing: *const zimg_drawing) -> c_int;
    pub fn zimg_drawing_wants_preview(drawing: *const zimg_drawing) -> c_int;
    pub fn zimg_drawing_is_cancelled(drawing: *const zimg_drawing) -> c_int;
    /// Tells those who wait. `preview` may be NULL.
    pub fn zimg_drawing_report_progress(
        drawing: *const zimg_drawing,
        step: u32,
        steps: u32,
        preview: *const zimg_picture,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
}
