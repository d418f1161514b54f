//! Keys, their fields, and the keys of a published article.

use std::os::raw::{c_char, c_int};

use crate::*;

extern "C" {
    /// 64 hexadecimal digits of either case.
    pub fn zimg_key_from_hex(
        hex: *const c_char,
        size: usize,
        out_key: *mut zimg_key,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Writes 64 lower-case digits and a NUL, so `capacity` is 65 at least.
    pub fn zimg_key_to_hex(
        key: *const zimg_key,
        out_hex: *mut c_char,
        capacity: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_key_fields_count(fields: *const zimg_key_fields) -> usize;
    pub fn zimg_key_fields_tag(fields: *const zimg_key_fields, index: usize) -> u16;
    pub fn zimg_key_fields_name(fields: *const zimg_key_fields, index: usize, out_size: *mut usize) -> *const c_char;
    pub fn zimg_key_fields_value(fields: *const zimg_key_fields, index: usize, out_size: *mut usize) -> *const c_char;
    /// 0: shown for completeness, not in the key.
    pub fn zimg_key_fields_is_live(fields: *const zimg_key_fields, index: usize) -> c_int;
    pub fn zimg_key_fields_destroy(fields: *mut zimg_key_fields);
    /// The key of a published article, bit for bit, and the text that it is the SHA-256 of.
    /// `config` is a JSON object with resolution, steps, cfg_scale and model_version. See
    /// article_key.hpp.
    pub fn zimg_article_key(
        prompt: *const c_char,
        prompt_size: usize,
        negative_prompt: *const c_char,
        negative_size: usize,
        config: *const c_char,
        config_size: usize,
        out_key: *mut zimg_key,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_article_text(
        prompt: *const c_char,
        prompt_size: usize,
        negative_prompt: *const c_char,
        negative_size: usize,
        config: *const c_char,
        config_size: usize,
        out_text: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The same for one JSON object with prompt, negative_prompt (absent is empty) and config.
    pub fn zimg_article_key_of_json(
        json: *const c_char,
        size: usize,
        out_key: *mut zimg_key,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_article_text_of_json(
        json: *const c_char,
        size: usize,
        out_text: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
}
