//! Pictures.

use std::os::raw::{c_char, c_void};

use crate::*;

extern "C" {
    pub fn zimg_picture_create(out_picture: *mut *mut zimg_picture, out_error: *mut *mut zimg_error) -> zimg_status;
    /// The pixels of a PNG or a JPEG; what is transparent in it is laid on white.
    pub fn zimg_picture_decode(
        bytes: *const c_void,
        size: usize,
        out_picture: *mut *mut zimg_picture,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Copies the pixels; `size` is width * height * 3.
    pub fn zimg_picture_set_rgb(
        picture: *mut zimg_picture,
        width: u32,
        height: u32,
        rgb: *const u8,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// For reports: how long drawing it took, of WAIT LOAD ENCODE_TEXT DENOISE DECODE.
    pub fn zimg_picture_set_stage_ms(
        picture: *mut zimg_picture,
        stage: zimg_stage,
        ms: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_picture_width(picture: *const zimg_picture) -> u32;
    pub fn zimg_picture_height(picture: *const zimg_picture) -> u32;
    pub fn zimg_picture_rgb(picture: *const zimg_picture, out_size: *mut usize) -> *const u8;
    pub fn zimg_picture_destroy(picture: *mut zimg_picture);
    /// What a PNG or JPEG says about itself, without decoding it.
    pub fn zimg_picture_facts_read(
        bytes: *const c_void,
        size: usize,
        out_facts: *mut *mut zimg_picture_facts,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_picture_facts_format(facts: *const zimg_picture_facts) -> zimg_image_format;
    pub fn zimg_picture_facts_width(facts: *const zimg_picture_facts) -> u32;
    pub fn zimg_picture_facts_height(facts: *const zimg_picture_facts) -> u32;
    /// Text chunks in file order: "parameters" (as A1111 writes it), "zimg" (JSON), and any other.
    pub fn zimg_picture_facts_text_count(facts: *const zimg_picture_facts) -> usize;
    pub fn zimg_picture_facts_keyword(
        facts: *const zimg_picture_facts,
        index: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_picture_facts_text(
        facts: *const zimg_picture_facts,
        index: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_picture_facts_destroy(facts: *mut zimg_picture_facts);
}
