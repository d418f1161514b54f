//! A cache of one's own.

use std::mem::size_of;
use std::os::raw::{c_int, c_void};

use crate::callback::{guarded, hand_over, release};
use crate::error::check;
use crate::text::parts;
use crate::{sys, Count, Entry, EntryView, Error, Key, Result, Status, StoreOutcome};

/// A cache written in Rust, for [`CacheHandle::wrap`](crate::CacheHandle::wrap).
///
/// Its functions are called from any thread at any time. It may forget, never lie: zimg checks the SHA-256 of what is found
/// and takes a wrong one for absent. A panic is the error [`Status::Internal`] of that call. They must not ask a generator for
/// a picture or a key, drain one or close a cache: that may be waiting for them, and is [`Status::InvalidArgument`].
pub trait Cache: Send + Sync + 'static {
    /// Set where [`list`](Self::list) is written; else whoever lists, purges, verifies or exports gets
    /// [`Status::Unsupported`].
    const LISTS: bool = false;
    /// Set where [`contains`](Self::contains) is written; else zimg makes it from [`find`](Self::find).
    const CONTAINS: bool = false;
    /// Set where [`pin`](Self::pin) is written; else zimg makes it from [`find`](Self::find) and [`store`](Self::store).
    const PINS: bool = false;
    /// Set where [`stats`](Self::stats) is written; else all counts are 0 but those that zimg keeps itself.
    const COUNTS: bool = false;

    /// Fills `entry`, payload included, with the entry under `key`; [`EntryView::assign`] does. `false`: there is none.
    fn find(&self, key: &Key, entry: &mut EntryView) -> Result<bool>;

    /// Keeps `entry`, all of its facts and its payload, beyond this call: [`EntryView::try_clone`] does.
    fn store(&self, key: &Key, entry: &EntryView) -> Result<StoreOutcome>;

    /// Whether there was such an entry.
    fn erase(&self, key: &Key) -> Result<bool>;

    /// Shows each entry to `visit` until it gives `false`.
    fn list(&self, visit: &mut Visitor<'_>) -> Result<()> {
        let _ = visit;
        Err(not_written("list"))
    }

    fn contains(&self, key: &Key) -> Result<bool> {
        let mut entry = Entry::new()?;
        self.find(key, &mut entry)
    }

    /// Whether there is such an entry.
    fn pin(&self, key: &Key, is_pinned: bool) -> Result<bool> {
        let _ = (key, is_pinned);
        Err(not_written("pin"))
    }

    /// The counts of [`Stats::count`](crate::Stats::count) that it knows.
    fn stats(&self) -> Result<Vec<(Count, u64)>> {
        Err(not_written("stats"))
    }
}

fn not_written(name: &str) -> Error {
    Error::new(Status::Unsupported, format!("the cache says that it has {name}, which is not written"))
}

/// What [`Cache::list`] shows its entries to.
pub struct Visitor<'a> {
    visit: &'a mut dyn FnMut(&Key, &EntryView, u64) -> bool,
}

impl Visitor<'_> {
    /// Shows one entry, whose payload need not be there, and the bytes of that. `false`: no more are wanted.
    pub fn visit(&mut self, key: &Key, entry: &EntryView, payload_bytes: u64) -> bool {
        (self.visit)(key, entry, payload_bytes)
    }
}

pub(crate) fn wrap<C: Cache>(cache: C, description: &str) -> Result<*mut sys::zimg_cache> {
    let vtable = sys::zimg_cache_vtable {
        struct_size: size_of::<sys::zimg_cache_vtable>(),
        find: Some(find::<C>),
        store: Some(store::<C>),
        erase: Some(erase::<C>),
        release: Some(release::<C>),
        list: if C::LISTS { Some(list::<C>) } else { None },
        contains: if C::CONTAINS { Some(contains::<C>) } else { None },
        pin: if C::PINS { Some(pin::<C>) } else { None },
        stats: if C::COUNTS { Some(stats::<C>) } else { None },
    };
    let (data, size) = parts!(description);
    let mut raw = std::ptr::null_mut();
    hand_over(cache, |user_data| {
        check(|error| unsafe { sys::zimg_cache_wrap(&vtable, user_data, data, size, &mut raw, error) })
    })?;
    Ok(raw)
}

/// Runs a function of the cache behind `user_data` and reports what it gives as C has it.
unsafe fn call<C: Cache>(
    name: &str,
    user_data: *mut c_void,
    out_error: *mut *mut sys::zimg_error,
    function: impl FnOnce(&C) -> Result<()>,
) -> sys::zimg_status {
    let cache = &*user_data.cast::<C>();
    match guarded(name, || function(cache)).and_then(|result| result) {
        Ok(()) => sys::ZIMG_STATUS_OK,
        Err(error) => error.give(out_error),
    }
}

unsafe extern "C" fn find<C: Cache>(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    out_entry: *mut sys::zimg_entry,
    out_is_there: *mut c_int,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's find", user_data, out_error, |cache: &C| {
        *out_is_there = c_int::from(cache.find(&Key::from(*key), EntryView::of_mut(out_entry))?);
        Ok(())
    })
}

unsafe extern "C" fn store<C: Cache>(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    entry: *const sys::zimg_entry,
    out_outcome: *mut sys::zimg_store_outcome,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's store", user_data, out_error, |cache: &C| {
        *out_outcome = cache.store(&Key::from(*key), EntryView::of(entry))?.into_raw();
        Ok(())
    })
}

unsafe extern "C" fn erase<C: Cache>(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    out_was_there: *mut c_int,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's erase", user_data, out_error, |cache: &C| {
        *out_was_there = c_int::from(cache.erase(&Key::from(*key))?);
        Ok(())
    })
}

unsafe extern "C" fn list<C: Cache>(
    user_data: *mut c_void,
    visit: sys::zimg_entry_function,
    visit_data: *mut c_void,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's list", user_data, out_error, |cache: &C| {
        let mut show = |key: &Key, entry: &EntryView, payload_bytes: u64| {
            visit.map_or(false, |visit| visit(visit_data, key.as_ptr(), entry.as_ptr(), payload_bytes) != 0)
        };
        cache.list(&mut Visitor { visit: &mut show })
    })
}

unsafe extern "C" fn contains<C: Cache>(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    out_is_there: *mut c_int,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's contains", user_data, out_error, |cache: &C| {
        *out_is_there = c_int::from(cache.contains(&Key::from(*key))?);
        Ok(())
    })
}

unsafe extern "C" fn pin<C: Cache>(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    is_pinned: c_int,
    out_is_there: *mut c_int,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's pin", user_data, out_error, |cache: &C| {
        *out_is_there = c_int::from(cache.pin(&Key::from(*key), is_pinned != 0)?);
        Ok(())
    })
}

unsafe extern "C" fn stats<C: Cache>(
    user_data: *mut c_void,
    out_stats: *mut sys::zimg_stats,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    call("the cache's stats", user_data, out_error, |cache: &C| {
        cache.stats()?.into_iter().try_for_each(|(count, value)| crate::stats::set_count(out_stats, count, value))
    })
}
