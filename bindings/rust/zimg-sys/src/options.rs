//! Options: what a generator is made of.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

/// One event at a time for each request, but from several threads for several.
pub type zimg_trace_function = Option<unsafe extern "C" fn(user_data: *mut c_void, event: *const zimg_trace_event)>;

pub type zimg_bytes_progress_function =
    Option<unsafe extern "C" fn(user_data: *mut c_void, done_bytes: u64, total_bytes: u64)>;

extern "C" {
    pub fn zimg_options_create(out_options: *mut *mut zimg_options, out_error: *mut *mut zimg_error) -> zimg_status;
    /// The cache to open where none is handed over, as zimg_cache_open() reads it. One that cannot
    /// be opened is a warning in each report, unless it is required.
    pub fn zimg_options_set_cache_url(
        options: *mut zimg_options,
        url: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_options_set_requires_cache(
        options: *mut zimg_options,
        is_required: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// A model folder; empty, as at first, is the built-in model.
    pub fn zimg_options_set_model(
        options: *mut zimg_options,
        path: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_DEVICE_AUTO at first.
    pub fn zimg_options_set_device(
        options: *mut zimg_options,
        device: zimg_device,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_PRECISION_AUTO at first.
    pub fn zimg_options_set_precision(
        options: *mut zimg_options,
        precision: zimg_precision,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// CPU threads of a drawing, at most 1024; 0, as at first, is one per core.
    pub fn zimg_options_set_threads(
        options: *mut zimg_options,
        threads: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_FINGERPRINT_PORTABLE at first.
    pub fn zimg_options_set_fingerprint(
        options: *mut zimg_options,
        fingerprint: zimg_fingerprint,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The engine module; empty: beside libzimg, in ../lib from there, then the configured libdir.
    pub fn zimg_options_set_engine_path(
        options: *mut zimg_options,
        path: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// A libtorch folder; empty: $ZIMG_TORCH, then the engine's own RUNPATH.
    pub fn zimg_options_set_torch_path(
        options: *mut zimg_options,
        path: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// A file of words that mean the same, for ZIMG_MATCH_LEVEL_LOOSE; empty is none.
    pub fn zimg_options_set_synonyms(
        options: *mut zimg_options,
        path: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The keys of the namespace become HMAC-SHA-256 under the secret. Never stored, never printed.
    pub fn zimg_options_add_namespace_secret(
        options: *mut zimg_options,
        name: *const c_char,
        name_size: usize,
        secret: *const c_void,
        secret_size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// ZIMG_KEPT_LOSSLESS at first.
    pub fn zimg_options_set_kept(
        options: *mut zimg_options,
        kept: zimg_kept,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Drawings side by side, at least 1; more serves a foreign pipeline.
    pub fn zimg_options_set_drawings_at_once(
        options: *mut zimg_options,
        drawings: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// How long another process drawing the same is waited for, or three drawings if that is longer;
    /// 30000 at first.
    pub fn zimg_options_set_patience_ms(
        options: *mut zimg_options,
        patience_ms: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// How many drawn pictures may wait to be written, at least 1; 16 at first.
    pub fn zimg_options_set_pending_stores(
        options: *mut zimg_options,
        stores: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// `action` TAG takes a `tag`; the others an empty one.
    pub fn zimg_options_add_keywords(
        options: *mut zimg_options,
        path: *const c_char,
        path_size: usize,
        action: zimg_keyword_action,
        tag: *const c_char,
        tag_size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// `on_event` may be NULL. Events hold the prompt only where `has_prompts` is not 0.
    pub fn zimg_options_set_trace(
        options: *mut zimg_options,
        on_event: zimg_trace_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        has_prompts: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Told while a model's files are hashed, which takes as long as reading them does, once.
    /// `on_hashing` may be NULL.
    pub fn zimg_options_set_hashing_progress(
        options: *mut zimg_options,
        on_hashing: zimg_bytes_progress_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_options_destroy(options: *mut zimg_options);
}
