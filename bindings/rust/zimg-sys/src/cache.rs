//! Caches and filters of what to erase.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

/// Looks at one entry; its payload is not read. What the answer means is said beside each use.
pub type zimg_entry_function = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        key: *const zimg_key,
        entry: *const zimg_entry,
        payload_bytes: u64,
    ) -> c_int,
>;

/// How far a run is. Not 0 goes on, 0 stops: the run ends with ZIMG_STATUS_CANCELLED.
pub type zimg_tally_function = Option<unsafe extern "C" fn(user_data: *mut c_void, so_far: *const zimg_tally) -> c_int>;

extern "C" {
    /// "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", "none:" (which gives NULL),
    /// or a tier of two joined by a comma. Empty is the store at its default place. `policy` may be
    /// NULL.
    pub fn zimg_cache_open(
        url: *const c_char,
        size: usize,
        policy: *const zimg_policy,
        out_cache: *mut *mut zimg_cache,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_cache_open_lmdb(
        options: *const zimg_lmdb_options,
        out_cache: *mut *mut zimg_cache,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// A cache of this process, gone with it. `capacity_bytes` counts payloads; `policy` may be
    /// NULL.
    pub fn zimg_cache_make_memory(
        capacity_bytes: u64,
        policy: *const zimg_policy,
        out_cache: *mut *mut zimg_cache,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// `upper`, small and fast, before `lower`, large and lasting.
    pub fn zimg_cache_make_tier(
        upper: *mut zimg_cache,
        lower: *mut zimg_cache,
        out_cache: *mut *mut zimg_cache,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Where zimg_cache_open() with an empty URL keeps its pictures.
    pub fn zimg_cache_default_path(out_path: *mut *mut zimg_text, out_error: *mut *mut zimg_error) -> zimg_status;
    /// The entry under `key`; success with NULL where there is none.
    pub fn zimg_cache_find(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        out_entry: *mut *mut zimg_entry,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// As find, but counted nowhere.
    pub fn zimg_cache_peek(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        out_entry: *mut *mut zimg_entry,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_cache_contains(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        out_is_there: *mut c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Keeps `entry`, which has a payload, replacing what was there.
    pub fn zimg_cache_store(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        entry: *const zimg_entry,
        out_outcome: *mut zimg_store_outcome,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// `count` of them, committed together by a cache on a disk; an entry that fails a limit fails
    /// all.
    pub fn zimg_cache_store_all(
        cache: *mut zimg_cache,
        keys: *const zimg_key,
        entries: *const *const zimg_entry,
        count: usize,
        out_outcomes: *mut zimg_store_outcome,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The out-parameters of the next two may be NULL; they become 0 where there was no such entry.
    pub fn zimg_cache_erase(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        out_was_there: *mut c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_cache_pin(
        cache: *mut zimg_cache,
        key: *const zimg_key,
        is_pinned: c_int,
        out_is_there: *mut c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Calls `visit` for each entry in key order until it returns 0. It may call the cache.
    pub fn zimg_cache_list(
        cache: *mut zimg_cache,
        visit: zimg_entry_function,
        user_data: *mut c_void,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Erases the entries for which `match` returns not 0. It must not call the cache. `out_erased`
    /// may be NULL.
    pub fn zimg_cache_erase_if(
        cache: *mut zimg_cache,
        r#match: zimg_entry_function,
        user_data: *mut c_void,
        out_erased: *mut u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Erases what fits `filter`. `out_erased` may be NULL.
    pub fn zimg_cache_purge(
        cache: *mut zimg_cache,
        filter: *const zimg_purge_filter,
        out_erased: *mut u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Reads every entry and erases those whose SHA-256 is wrong. ENTRIES PAYLOAD_BYTES CORRUPT
    /// UNREADABLE. `on_progress` may be NULL.
    pub fn zimg_cache_verify(
        cache: *mut zimg_cache,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_tally: *mut *mut zimg_tally,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_cache_stats(
        cache: *mut zimg_cache,
        out_stats: *mut *mut zimg_stats,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// What a person would call it.
    pub fn zimg_cache_description(
        cache: *const zimg_cache,
        out_text: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Waits for the calls in flight and gives up what the cache holds open; later calls are
    /// ZIMG_STATUS_CLOSED.
    pub fn zimg_cache_close(cache: *mut zimg_cache, out_error: *mut *mut zimg_error) -> zimg_status;
    /// Gives up this handle; the cache closes with the last generator, job or tier that uses it.
    pub fn zimg_cache_destroy(cache: *mut zimg_cache);
    /// Fits every entry until something is set; then those that fit all that is set.
    pub fn zimg_purge_filter_create(
        out_filter: *mut *mut zimg_purge_filter,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_set_namespace(
        filter: *mut zimg_purge_filter,
        name: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_set_model(
        filter: *mut zimg_purge_filter,
        name: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_set_tag(
        filter: *mut zimg_purge_filter,
        tag: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_set_stored_before_ms(
        filter: *mut zimg_purge_filter,
        time_ms: i64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Hexadecimal digits that the key begins with.
    pub fn zimg_purge_filter_set_key_prefix(
        filter: *mut zimg_purge_filter,
        digits: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_set_spares_pinned(
        filter: *mut zimg_purge_filter,
        is_sparing: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_purge_filter_matches(
        filter: *const zimg_purge_filter,
        key: *const zimg_key,
        entry: *const zimg_entry,
    ) -> c_int;
    pub fn zimg_purge_filter_destroy(filter: *mut zimg_purge_filter);
}
