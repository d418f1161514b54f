//! Caches of the caller's own.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

/// A cache of the caller's own. Each function is called from any thread at any time, returns
/// ZIMG_STATUS_OK or another status, with a zimg_error_create() in `out_error` or without, and may
/// forget, never lie: zimg checks the SHA-256 of what is found and takes a wrong one for absent.
/// What it is given lives until it returns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zimg_cache_vtable {
    /// `sizeof(zimg_cache_vtable)`.
    pub struct_size: usize,
    /// Fills `out_entry`, payload included, with the entry under `key` and sets `*out_is_there`,
    /// which is 0 before.
    pub find: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            key: *const zimg_key,
            out_entry: *mut zimg_entry,
            out_is_there: *mut c_int,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// Keeps `entry`, all of its facts and its payload. `*out_outcome` is STORED before.
    pub store: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            key: *const zimg_key,
            entry: *const zimg_entry,
            out_outcome: *mut zimg_store_outcome,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    pub erase: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            key: *const zimg_key,
            out_was_there: *mut c_int,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// Called once when nothing uses the cache any more. NULL: nothing to do.
    pub release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
    /// The following may be NULL. Calls `visit` with each entry and what zimg_cache_list() says,
    /// until it returns 0. NULL: whoever lists, purges, verifies or exports gets
    /// ZIMG_STATUS_UNSUPPORTED.
    pub list: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            visit: zimg_entry_function,
            visit_data: *mut c_void,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// NULL: made from find.
    pub contains: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            key: *const zimg_key,
            out_is_there: *mut c_int,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// NULL: made from find and store.
    pub pin: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            key: *const zimg_key,
            is_pinned: c_int,
            out_is_there: *mut c_int,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
    /// Sets counts by zimg_stats_set_count(). NULL: all are 0 but those that zimg itself counts
    /// here.
    pub stats: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            out_stats: *mut zimg_stats,
            out_error: *mut *mut zimg_error,
        ) -> zimg_status,
    >,
}

extern "C" {
    /// `description` is what a person would call it. The vtable is copied.
    pub fn zimg_cache_wrap(
        vtable: *const zimg_cache_vtable,
        user_data: *mut c_void,
        description: *const c_char,
        size: usize,
        out_cache: *mut *mut zimg_cache,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
}
