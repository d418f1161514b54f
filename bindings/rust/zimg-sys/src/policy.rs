//! Policies, presets, options of stores.

use std::os::raw::{c_char, c_int, c_void};

use crate::*;

pub type zimg_warning_function =
    Option<unsafe extern "C" fn(user_data: *mut c_void, warning: *const c_char, size: usize)>;

pub type zimg_clock_function = Option<unsafe extern "C" fn(user_data: *mut c_void) -> i64>;

extern "C" {
    pub fn zimg_policy_create(out_policy: *mut *mut zimg_policy, out_error: *mut *mut zimg_error) -> zimg_status;
    /// "*" is the rule of each namespace that has none of its own. 0 is no limit, no reserve, no
    /// time to live.
    pub fn zimg_policy_add_namespace(
        policy: *mut zimg_policy,
        name: *const c_char,
        size: usize,
        limit_bytes: u64,
        reserved_bytes: u64,
        ttl_ms: i64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The pictures of the namespace are encrypted (AES-256-GCM) under the secret by a store on a
    /// disk, where the cache URL says "encrypt=1" or where zimg_lmdb_options_set_policy() gives it
    /// the policy; by no other cache.
    pub fn zimg_policy_add_namespace_secret(
        policy: *mut zimg_policy,
        name: *const c_char,
        name_size: usize,
        secret: *const c_void,
        secret_size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// 0, as at first, to 1: the share of a rule's time to live that chance may take off.
    pub fn zimg_policy_set_ttl_jitter(
        policy: *mut zimg_policy,
        jitter: f64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Not 0, as at first: what saves the fewest seconds for a byte goes first. 0: the least
    /// recently used, or the oldest.
    pub fn zimg_policy_set_weighs_entries(
        policy: *mut zimg_policy,
        is_weighing: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Milliseconds of Unix time, from any thread; NULL is the system's clock. It must not call the
    /// cache.
    pub fn zimg_policy_set_clock(
        policy: *mut zimg_policy,
        now_ms: zimg_clock_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Called when a store fills the cache beyond 80 %, and again only after one that left it below
    /// 70 %. It must not call the cache, nor ask a generator for a picture. May be NULL.
    pub fn zimg_policy_set_warning(
        policy: *mut zimg_policy,
        on_warning: zimg_warning_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_policy_destroy(policy: *mut zimg_policy);
    /// "public-demo", "personal", "batch", "ab-test"; ZIMG_STATUS_NOT_FOUND for another name.
    pub fn zimg_preset_named(
        name: *const c_char,
        size: usize,
        out_preset: *mut zimg_preset,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Sets the namespace of `request` and gives it its rule in `policy`. `user` is who asks, for
    /// PERSONAL; else empty.
    pub fn zimg_preset_apply(
        preset: zimg_preset,
        user: *const c_char,
        user_size: usize,
        request: *mut zimg_request,
        policy: *mut zimg_policy,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_lmdb_options_create(
        out_options: *mut *mut zimg_lmdb_options,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// What a cache URL "lmdb:...", or the empty one, names.
    pub fn zimg_lmdb_options_from_url(
        url: *const c_char,
        size: usize,
        out_options: *mut *mut zimg_lmdb_options,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// A folder, created 0700 with its parents when absent.
    pub fn zimg_lmdb_options_set_path(
        options: *mut zimg_lmdb_options,
        path: *const c_char,
        size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// At least 4 MiB; 0, as at first: the store's own, or for a new one the smaller of 10 GiB and
    /// 10 % of the free disk.
    pub fn zimg_lmdb_options_set_capacity_bytes(
        options: *mut zimg_lmdb_options,
        bytes: u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// How long a writer may wait for another process; 100 at first.
    pub fn zimg_lmdb_options_set_lock_timeout_ms(
        options: *mut zimg_lmdb_options,
        timeout_ms: u32,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Not 0: also on a network file system, where LMDB's locks do not hold across machines; 0, as at
    /// first, refuses it.
    pub fn zimg_lmdb_options_set_allow_network(
        options: *mut zimg_lmdb_options,
        is_allowed: c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The policy's secrets are added to those of the options, as
    /// zimg_lmdb_options_add_namespace_secret() does.
    pub fn zimg_lmdb_options_set_policy(
        options: *mut zimg_lmdb_options,
        policy: *const zimg_policy,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The pictures of the namespace are encrypted (AES-256-GCM) under the secret. Of two for one
    /// namespace, the last is.
    pub fn zimg_lmdb_options_add_namespace_secret(
        options: *mut zimg_lmdb_options,
        name: *const c_char,
        name_size: usize,
        secret: *const c_void,
        secret_size: usize,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_lmdb_options_destroy(options: *mut zimg_lmdb_options);
}
