//! The library: its release, its features, names of its enumerators.

use std::os::raw::{c_char, c_int};

use crate::*;

extern "C" {
    /// ZIMG_ABI_MAJOR * 65536 + ZIMG_ABI_MINOR of the library that was loaded.
    pub fn zimg_abi_version() -> u32;
    /// "0.1.0": the release of the library that was loaded.
    pub fn zimg_version() -> *const c_char;
    /// 1 if this build has `feature`, else 0, also for a number that is none.
    pub fn zimg_has_feature(feature: zimg_feature) -> c_int;
    /// Where the engine module is that a generator made of `options` (NULL: the defaults) would
    /// open. Opens nothing. ZIMG_STATUS_UNSUPPORTED names the places where it was not;
    /// ZIMG_STATUS_NOT_FOUND an explicit path.
    pub fn zimg_locate_engine(
        options: *const zimg_options,
        out_path: *mut *mut zimg_text,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Names of enumerators, such as "bad_model", "hit", "yes", "all done"; "unknown" for a number
    /// that is none.
    pub fn zimg_status_name(status: zimg_status) -> *const c_char;
    pub fn zimg_outcome_name(outcome: zimg_outcome) -> *const c_char;
    pub fn zimg_stored_name(stored: zimg_stored) -> *const c_char;
    pub fn zimg_trace_kind_name(kind: zimg_trace_kind) -> *const c_char;
    pub fn zimg_prewarm_end_name(end: zimg_prewarm_end) -> *const c_char;
}
