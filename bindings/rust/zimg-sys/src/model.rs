//! Models and tokenizers.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

extern "C" {
    /// The folder of the built-in model.
    pub fn zimg_builtin_model_path(out_path: *mut *mut zimg_text, out_error: *mut *mut zimg_error) -> zimg_status;
    /// Rewrites the model at `path` into the folder `out`, which appears whole or not at all.
    /// `on_progress` may be NULL.
    pub fn zimg_model_convert(
        path: *const c_char,
        path_size: usize,
        out: *const c_char,
        out_size: usize,
        r#type: zimg_weight_type,
        on_progress: zimg_bytes_progress_function,
        user_data: *mut c_void,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Checks every tensor's name, shape, dtype and place. What is wrong is a problem of the
    /// inspection, not an error. The identity, which takes hashing all files, is only there where
    /// `has_identity` is not 0.
    pub fn zimg_model_inspect(
        path: *const c_char,
        size: usize,
        has_identity: c_int,
        out_inspection: *mut *mut zimg_inspection,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_inspection_path(inspection: *const zimg_inspection, out_size: *mut usize) -> *const c_char;
    pub fn zimg_inspection_name(inspection: *const zimg_inspection, out_size: *mut usize) -> *const c_char;
    pub fn zimg_inspection_layout(inspection: *const zimg_inspection, out_size: *mut usize) -> *const c_char;
    pub fn zimg_inspection_identity(inspection: *const zimg_inspection, out_size: *mut usize) -> *const c_char;
    /// Defaults of requests, and what sizes may be.
    pub fn zimg_inspection_width(inspection: *const zimg_inspection) -> u32;
    pub fn zimg_inspection_height(inspection: *const zimg_inspection) -> u32;
    pub fn zimg_inspection_size_step(inspection: *const zimg_inspection) -> u32;
    pub fn zimg_inspection_max_side(inspection: *const zimg_inspection) -> u32;
    pub fn zimg_inspection_steps(inspection: *const zimg_inspection) -> u32;
    pub fn zimg_inspection_guidance(inspection: *const zimg_inspection) -> f64;
    pub fn zimg_inspection_shift(inspection: *const zimg_inspection) -> f64;
    /// Parts: "text_encoder", "transformer", "vae".
    pub fn zimg_inspection_part_count(inspection: *const zimg_inspection) -> usize;
    pub fn zimg_inspection_part_role(
        inspection: *const zimg_inspection,
        part: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_inspection_part_dtypes(
        inspection: *const zimg_inspection,
        part: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_inspection_part_tensors(inspection: *const zimg_inspection, part: usize) -> u64;
    pub fn zimg_inspection_part_parameters(inspection: *const zimg_inspection, part: usize) -> u64;
    pub fn zimg_inspection_part_bytes(inspection: *const zimg_inspection, part: usize) -> u64;
    pub fn zimg_inspection_part_file_count(inspection: *const zimg_inspection, part: usize) -> usize;
    pub fn zimg_inspection_part_file(
        inspection: *const zimg_inspection,
        part: usize,
        index: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    /// What is wrong with the model, one sentence each; none: it is sound.
    pub fn zimg_inspection_problem_count(inspection: *const zimg_inspection) -> usize;
    pub fn zimg_inspection_problem(
        inspection: *const zimg_inspection,
        index: usize,
        out_size: *mut usize,
    ) -> *const c_char;
    pub fn zimg_inspection_destroy(inspection: *mut zimg_inspection);
    pub fn zimg_tokenizer_open(
        model_path: *const c_char,
        size: usize,
        out_tokenizer: *mut *mut zimg_tokenizer,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The ids of `text` as it stands, or, where `is_prompt` is not 0, in the prompt template and
    /// cut to 512. Writes at most `capacity` of them to `out_ids`, which may be NULL where
    /// `capacity` is 0; `out_count` becomes their number.
    pub fn zimg_tokenizer_encode(
        tokenizer: *const zimg_tokenizer,
        text: *const c_char,
        size: usize,
        is_prompt: c_int,
        out_ids: *mut u32,
        capacity: usize,
        out_count: *mut usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The octets that one id stands for; none for an unused id.
    pub fn zimg_tokenizer_piece(
        tokenizer: *const zimg_tokenizer,
        id: u32,
        out_bytes: *mut *mut zimg_bytes,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_tokenizer_destroy(tokenizer: *mut zimg_tokenizer);
}
