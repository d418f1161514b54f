//! Generators.

use std::os::raw::{c_char, c_int};

use crate::*;

extern "C" {
    /// Reads the model's configs; opens neither weights nor engine. `cache` may be NULL.
    pub fn zimg_generator_create(
        options: *const zimg_options,
        cache: *mut zimg_cache,
        out_generator: *mut *mut zimg_generator,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Blocks until the picture is there.
    pub fn zimg_generator_generate(
        generator: *mut zimg_generator,
        request: *const zimg_request,
        out_result: *mut *mut zimg_result,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The picture key, without drawing. The first on a machine with these options, environment and libtorch opens the
    /// engine, to learn its profile.
    pub fn zimg_generator_key(
        generator: *mut zimg_generator,
        request: *const zimg_request,
        out_key: *mut zimg_key,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_generator_explain_key(
        generator: *mut zimg_generator,
        request: *const zimg_request,
        out_fields: *mut *mut zimg_key_fields,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_generator_metrics(
        generator: *mut zimg_generator,
        out_metrics: *mut *mut zimg_metrics,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Waits until every pending store has committed or failed.
    pub fn zimg_generator_drain(generator: *mut zimg_generator, out_error: *mut *mut zimg_error) -> zimg_status;
    pub fn zimg_generator_model_name(generator: *const zimg_generator, out_size: *mut usize) -> *const c_char;
    pub fn zimg_generator_is_builtin_model(generator: *const zimg_generator) -> c_int;
    /// Calls in flight and jobs go on; with the last of them, or here, pending stores are waited
    /// for.
    pub fn zimg_generator_destroy(generator: *mut zimg_generator);
}
