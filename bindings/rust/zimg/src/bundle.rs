//! Entries of a cache as one file.

use std::os::raw::{c_char, c_int, c_void};
use std::path::Path;

use crate::callback::Lent;
use crate::error::made;
use crate::text::{octets, parts, text_of};
use crate::{sys, CacheHandle, EntryView, Key, Result, Tally, TallyView};

/// An entry that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the bundle.
    pub number: u64,
    /// `None` where it could not be read.
    pub key: Option<Key>,
    /// Why, one sentence.
    pub reason: String,
}

/// Both callbacks of an export, which share one `user_data`.
struct Export<'a> {
    filter: &'a mut (dyn FnMut(&Key, &EntryView, u64) -> bool + Send),
    on_progress: &'a mut (dyn FnMut(&TallyView) -> bool + Send),
}

unsafe extern "C" fn export_filter(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    entry: *const sys::zimg_entry,
    payload_bytes: u64,
) -> c_int {
    Lent::<Export>::run(user_data, 0, |export| {
        c_int::from((export.filter)(&Key::from(*key), EntryView::of(entry), payload_bytes))
    })
}

unsafe extern "C" fn export_progress(user_data: *mut c_void, so_far: *const sys::zimg_tally) -> c_int {
    Lent::<Export>::run(user_data, 0, |export| c_int::from((export.on_progress)(TallyView::of(so_far))))
}

/// Writes the entries for which `filter` gives `true` to the file `path`, in key order: `Entries PayloadBytes LeftOut`.
/// Where `on_progress` gives `false`, it ends as cancelled.
pub fn export_bundle(
    cache: &CacheHandle,
    path: impl AsRef<Path>,
    mut filter: impl FnMut(&Key, &EntryView, u64) -> bool + Send,
    mut on_progress: impl FnMut(&TallyView) -> bool + Send,
) -> Result<Tally> {
    let mut export = Export { filter: &mut filter, on_progress: &mut on_progress };
    let lent = Lent::new(&mut export);
    let (data, size) = parts!(octets(path.as_ref()));
    let (filter, progress) = (Some(export_filter as _), Some(export_progress as _));
    let result = made(|out, error| unsafe {
        sys::zimg_bundle_export(cache.as_ptr(), data, size, filter, progress, lent.user_data(), out, error)
    });
    lent.check(result.map(|raw| unsafe { Tally::own(raw) }))
}

/// Both callbacks of an import.
struct Import<'a> {
    on_refused: &'a mut (dyn FnMut(Refused) + Send),
    on_progress: &'a mut (dyn FnMut(&TallyView) -> bool + Send),
}

unsafe extern "C" fn import_refused(
    user_data: *mut c_void,
    number: u64,
    key: *const sys::zimg_key,
    reason: *const c_char,
    length: usize,
) {
    Lent::<Import>::run(user_data, (), |import| {
        let key = (!key.is_null()).then(|| Key::from(*key));
        let reason = text_of(|size| {
            *size = length;
            reason
        });
        (import.on_refused)(Refused { number, key, reason: reason.to_string() });
    });
}

unsafe extern "C" fn import_progress(user_data: *mut c_void, so_far: *const sys::zimg_tally) -> c_int {
    Lent::<Import>::run(user_data, 0, |import| c_int::from((import.on_progress)(TallyView::of(so_far))))
}

/// Stores every sound entry of the bundle: `Entries Stored PayloadBytes Refused ReadBytes FileBytes IsWhole`. Where
/// `on_progress` gives `false`, it ends as cancelled.
pub fn import_bundle(
    cache: &CacheHandle,
    path: impl AsRef<Path>,
    mut on_refused: impl FnMut(Refused) + Send,
    mut on_progress: impl FnMut(&TallyView) -> bool + Send,
) -> Result<Tally> {
    let mut import = Import { on_refused: &mut on_refused, on_progress: &mut on_progress };
    let lent = Lent::new(&mut import);
    let (data, size) = parts!(octets(path.as_ref()));
    let (refused, progress) = (Some(import_refused as _), Some(import_progress as _));
    let result = made(|out, error| unsafe {
        sys::zimg_bundle_import(cache.as_ptr(), data, size, refused, progress, lent.user_data(), out, error)
    });
    lent.check(result.map(|raw| unsafe { Tally::own(raw) }))
}
