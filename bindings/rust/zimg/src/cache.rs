//! Caches that zimg has.

use std::os::raw::c_int;
use std::path::PathBuf;
use std::ptr;

use crate::callback::{on_entry, on_tally, Lent, OnEntry, OnTally};
use crate::error::{check, given, made};
use crate::text::{parts, take_path, take_text};
use crate::{sys, Cache, Entry, EntryView, Key, LmdbOptions, Policy, Result, Stats, StoreOutcome, Tally, TallyView};

handle! {
    /// Remembers encoded pictures by key. Any threads may use one at once. Dropping it gives up this handle; the cache
    /// closes with the last generator, job or tier that uses it.
    CacheHandle, zimg_cache, zimg_cache_destroy
}

fn policy_ptr(policy: Option<&Policy>) -> *const sys::zimg_policy {
    policy.map_or(ptr::null(), |policy| policy.as_ptr() as *const _)
}

impl CacheHandle {
    /// "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", or a tier of two joined by a comma. Empty is the store
    /// at its default place. "none:" is refused here: it is no cache.
    pub fn open(url: &str, policy: Option<&Policy>) -> Result<Self> {
        let (data, size) = parts!(url);
        let raw = made(|out, error| unsafe { sys::zimg_cache_open(data, size, policy_ptr(policy), out, error) })?;
        if raw.is_null() {
            let sentence = format!("the cache URL '{url}' names no cache; leave the cache out instead");
            return Err(crate::Error::new(crate::Status::InvalidArgument, sentence));
        }
        Ok(unsafe { Self::own(raw) })
    }

    pub fn open_lmdb(options: &LmdbOptions) -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_open_lmdb(options.as_ptr(), out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// A cache of this process, gone with it. `capacity_bytes` counts payloads.
    pub fn memory(capacity_bytes: u64, policy: Option<&Policy>) -> Result<Self> {
        let raw =
            made(|out, error| unsafe { sys::zimg_cache_make_memory(capacity_bytes, policy_ptr(policy), out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// `upper`, small and fast, before `lower`, large and lasting.
    pub fn tier(upper: &CacheHandle, lower: &CacheHandle) -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_make_tier(upper.as_ptr(), lower.as_ptr(), out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// A cache of one's own. `description` is what a person would call it.
    pub fn wrap<C: Cache>(cache: C, description: &str) -> Result<Self> {
        crate::foreign_cache::wrap(cache, description).map(|raw| unsafe { Self::own(raw) })
    }

    /// The entry under `key`, if there is one.
    pub fn find(&self, key: &Key) -> Result<Option<Entry>> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_find(self.as_ptr(), key.as_ptr(), out, error) })?;
        Ok((!raw.is_null()).then(|| unsafe { Entry::own(raw) }))
    }

    /// As [`find`](Self::find), but counted nowhere.
    pub fn peek(&self, key: &Key) -> Result<Option<Entry>> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_peek(self.as_ptr(), key.as_ptr(), out, error) })?;
        Ok((!raw.is_null()).then(|| unsafe { Entry::own(raw) }))
    }

    pub fn contains(&self, key: &Key) -> Result<bool> {
        given(|out, error| unsafe { sys::zimg_cache_contains(self.as_ptr(), key.as_ptr(), out, error) })
            .map(|is_there: c_int| is_there != 0)
    }

    /// Keeps `entry`, which has a payload, replacing what was there.
    pub fn store(&self, key: &Key, entry: &EntryView) -> Result<StoreOutcome> {
        given(|out, error| unsafe { sys::zimg_cache_store(self.as_ptr(), key.as_ptr(), entry.as_ptr(), out, error) })
            .map(StoreOutcome::from_raw)
    }

    /// Keeps all of them, committed together by a cache on a disk; an entry that fails a limit fails all.
    pub fn store_all(&self, entries: &[(Key, &EntryView)]) -> Result<Vec<StoreOutcome>> {
        let keys: Vec<_> = entries.iter().map(|(key, _)| sys::zimg_key { bytes: key.0 }).collect();
        let views: Vec<_> = entries.iter().map(|(_, entry)| entry.as_ptr()).collect();
        let mut outcomes = vec![0; entries.len()];
        check(|error| unsafe {
            let (keys, views, count) = (keys.as_ptr(), views.as_ptr(), entries.len());
            sys::zimg_cache_store_all(self.as_ptr(), keys, views, count, outcomes.as_mut_ptr(), error)
        })?;
        Ok(outcomes.into_iter().map(StoreOutcome::from_raw).collect())
    }

    /// Whether there was such an entry.
    pub fn erase(&self, key: &Key) -> Result<bool> {
        given(|out, error| unsafe { sys::zimg_cache_erase(self.as_ptr(), key.as_ptr(), out, error) })
            .map(|was_there: c_int| was_there != 0)
    }

    /// Pins the entry or lets it go; whether there is such an entry.
    pub fn pin(&self, key: &Key, is_pinned: bool) -> Result<bool> {
        let is_pinned = c_int::from(is_pinned);
        given(|out, error| unsafe { sys::zimg_cache_pin(self.as_ptr(), key.as_ptr(), is_pinned, out, error) })
            .map(|is_there: c_int| is_there != 0)
    }

    /// Shows each entry in key order until `visit` gives `false`: its key, its facts without the payload, and the bytes
    /// of that. `visit` may call the cache.
    pub fn list(&self, mut visit: impl FnMut(&Key, &EntryView, u64) -> bool + Send) -> Result<()> {
        let function: &mut OnEntry<'_> = &mut visit;
        let lent = Lent::new(function);
        let result =
            check(|error| unsafe { sys::zimg_cache_list(self.as_ptr(), Some(on_entry), lent.user_data(), error) });
        lent.check(result)
    }

    /// Erases the entries for which `matches` gives `true`, and says how many. It must not call the cache.
    pub fn erase_if(&self, mut matches: impl FnMut(&Key, &EntryView, u64) -> bool + Send) -> Result<u64> {
        let function: &mut OnEntry<'_> = &mut matches;
        let lent = Lent::new(function);
        let result = given(|out, error| unsafe {
            sys::zimg_cache_erase_if(self.as_ptr(), Some(on_entry), lent.user_data(), out, error)
        });
        lent.check(result)
    }

    /// Erases what fits `filter`, and says how many.
    pub fn purge(&self, filter: &PurgeFilter) -> Result<u64> {
        given(|out, error| unsafe { sys::zimg_cache_purge(self.as_ptr(), filter.as_ptr(), out, error) })
    }

    /// Reads every entry and erases those whose SHA-256 is wrong: `Entries PayloadBytes Corrupt Unreadable Listed`
    /// (those there at the beginning; 0 where unknown) `TreeDamages` (not 0: only [`rebuild_store`](crate::rebuild_store)
    /// makes the store whole). Where `on_progress` gives `false`, it ends as cancelled.
    pub fn verify(&self, mut on_progress: impl FnMut(&TallyView) -> bool + Send) -> Result<Tally> {
        let function: &mut OnTally<'_> = &mut on_progress;
        let lent = Lent::new(function);
        let result = made(|out, error| unsafe {
            sys::zimg_cache_verify(self.as_ptr(), Some(on_tally), lent.user_data(), out, error)
        });
        lent.check(result.map(|raw| unsafe { Tally::own(raw) }))
    }

    pub fn stats(&self) -> Result<Stats> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_stats(self.as_ptr(), out, error) })?;
        Ok(unsafe { Stats::own(raw) })
    }

    /// What a person would call it.
    pub fn description(&self) -> Result<String> {
        let raw = made(|out, error| unsafe { sys::zimg_cache_description(self.as_ptr(), out, error) })?;
        Ok(unsafe { take_text(raw) })
    }

    /// Waits for the calls in flight and gives up what the cache holds open; later calls are
    /// [`Status::Closed`](crate::Status::Closed). Closing twice is closing once. In a function of a [`Cache`](crate::Cache)
    /// and in a callback of a call to this cache it is [`Status::InvalidArgument`](crate::Status::InvalidArgument): it would
    /// wait for itself.
    pub fn close(&self) -> Result<()> {
        check(|error| unsafe { sys::zimg_cache_close(self.as_ptr(), error) })
    }
}

/// Where [`CacheHandle::open`] with an empty URL keeps its pictures.
pub fn default_cache_path() -> Result<PathBuf> {
    let raw = made(|out, error| unsafe { sys::zimg_cache_default_path(out, error) })?;
    Ok(unsafe { take_path(raw) })
}

handle! {
    /// Fits every entry until something is set; then those that fit all that is set.
    PurgeFilter, zimg_purge_filter, zimg_purge_filter_destroy
}

impl PurgeFilter {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_purge_filter_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    pub fn set_namespace(&mut self, name: &str) -> Result<&mut Self> {
        let (data, size) = parts!(name);
        check(|error| unsafe { sys::zimg_purge_filter_set_namespace(self.as_ptr(), data, size, error) })?;
        Ok(self)
    }

    pub fn set_model(&mut self, name: &str) -> Result<&mut Self> {
        let (data, size) = parts!(name);
        check(|error| unsafe { sys::zimg_purge_filter_set_model(self.as_ptr(), data, size, error) })?;
        Ok(self)
    }

    pub fn set_tag(&mut self, tag: &str) -> Result<&mut Self> {
        let (data, size) = parts!(tag);
        check(|error| unsafe { sys::zimg_purge_filter_set_tag(self.as_ptr(), data, size, error) })?;
        Ok(self)
    }

    /// Unix time in milliseconds.
    pub fn set_stored_before_ms(&mut self, time_ms: i64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_purge_filter_set_stored_before_ms(self.as_ptr(), time_ms, error) })?;
        Ok(self)
    }

    /// Hexadecimal digits that the key begins with.
    pub fn set_key_prefix(&mut self, digits: &str) -> Result<&mut Self> {
        let (data, size) = parts!(digits);
        check(|error| unsafe { sys::zimg_purge_filter_set_key_prefix(self.as_ptr(), data, size, error) })?;
        Ok(self)
    }

    pub fn set_spares_pinned(&mut self, is_sparing: bool) -> Result<&mut Self> {
        let is_sparing = c_int::from(is_sparing);
        check(|error| unsafe { sys::zimg_purge_filter_set_spares_pinned(self.as_ptr(), is_sparing, error) })?;
        Ok(self)
    }

    pub fn matches(&self, key: &Key, entry: &EntryView) -> bool {
        unsafe { sys::zimg_purge_filter_matches(self.as_ptr(), key.as_ptr(), entry.as_ptr()) != 0 }
    }
}
