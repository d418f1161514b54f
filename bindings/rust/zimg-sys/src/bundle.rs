//! Bundles and the upkeep of stores.

use std::os::raw::{c_char, c_void};

use crate::*;

/// Called for each entry that is not imported; `key` is NULL where it could not be read.
pub type zimg_refused_function = Option<
    unsafe extern "C" fn(user_data: *mut c_void, number: u64, key: *const zimg_key, reason: *const c_char, size: usize),
>;

extern "C" {
    /// Writes the entries for which `filter` (NULL: all) returns not 0 to the file `path`, in key
    /// order: ENTRIES PAYLOAD_BYTES LEFT_OUT. The file appears when it is whole, with mode 0600, in
    /// place of one that was there. `on_progress` may be NULL. Both get `user_data`.
    pub fn zimg_bundle_export(
        cache: *mut zimg_cache,
        path: *const c_char,
        size: usize,
        filter: zimg_entry_function,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_tally: *mut *mut zimg_tally,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Stores every sound entry of the bundle: ENTRIES STORED PAYLOAD_BYTES REFUSED READ_BYTES
    /// FILE_BYTES IS_WHOLE. Both callbacks may be NULL and get `user_data`.
    pub fn zimg_bundle_import(
        cache: *mut zimg_cache,
        path: *const c_char,
        size: usize,
        on_refused: zimg_refused_function,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_tally: *mut *mut zimg_tally,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// As zimg_cache_verify() of the store that `options` name, open elsewhere or not, without
    /// opening it in this process: child processes read it, since LMDB may abort where its own
    /// records are damaged. UNREADABLE are, among others, the encrypted ones that the options have
    /// no secret for. `on_progress` may be NULL.
    pub fn zimg_store_verify(
        options: *const zimg_lmdb_options,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_tally: *mut *mut zimg_tally,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Copies every sound entry of a store that nobody has open into a fresh one, which takes its
    /// place and takes no more of the disk than it needs: ENTRIES PAYLOAD_BYTES LOST EXPIRED
    /// UNREADABLE LISTED TREE_DAMAGES DISK_BYTES_BEFORE DISK_BYTES_AFTER. `on_progress` may be NULL.
    pub fn zimg_store_rebuild(
        options: *const zimg_lmdb_options,
        on_progress: zimg_tally_function,
        user_data: *mut c_void,
        out_tally: *mut *mut zimg_tally,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Gives the store that `options` name, and that nobody has open, their capacity.
    pub fn zimg_store_resize(options: *const zimg_lmdb_options, out_error: *mut *mut zimg_error) -> zimg_status;
}
