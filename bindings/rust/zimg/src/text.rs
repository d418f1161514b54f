//! Strings and octets on their way from zimg.

use std::ffi::OsStr;
use std::os::raw::c_char;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::slice;
use std::str;

use crate::sys;

/// What `getter` points to for as long as `'a`; empty where it is null.
pub(crate) unsafe fn bytes_of<'a, T>(getter: impl FnOnce(*mut usize) -> *const T) -> &'a [T] {
    let mut size = 0;
    let data = getter(&mut size);
    if data.is_null() {
        return &[];
    }
    slice::from_raw_parts(data, size)
}

/// The text that `getter` points to for as long as `'a`. zimg gives out UTF-8 alone.
pub(crate) unsafe fn text_of<'a>(getter: impl FnOnce(*mut usize) -> *const c_char) -> &'a str {
    str::from_utf8(bytes_of(|size| getter(size).cast::<u8>())).expect("zimg gives out UTF-8")
}

pub(crate) unsafe fn copy_of(getter: impl FnOnce(*mut usize) -> *const c_char) -> String {
    text_of(getter).to_string()
}

/// Takes over a text that a call made.
pub(crate) unsafe fn take_text(raw: *mut sys::zimg_text) -> String {
    let copy = copy_of(|size| sys::zimg_text_data(raw, size));
    sys::zimg_text_destroy(raw);
    copy
}

pub(crate) unsafe fn take_path(raw: *mut sys::zimg_text) -> PathBuf {
    PathBuf::from(take_text(raw))
}

/// A path as zimg reads it, which refuses one that is no UTF-8.
pub(crate) fn octets(path: &Path) -> &[u8] {
    OsStr::as_bytes(path.as_os_str())
}

/// The arguments for octets or a string.
macro_rules! parts {
    ($text:expr) => {
        ($text.as_ptr().cast(), $text.len())
    };
}
pub(crate) use parts;
