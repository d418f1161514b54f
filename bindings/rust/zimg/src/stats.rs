//! What was counted.

use std::ops::Deref;

use crate::error::check;
use crate::text::copy_of;
use crate::{sys, Count, Result};

view! {
    /// Counts of a run over many entries or pictures, so far.
    TallyView, zimg_tally
}

impl TallyView {
    /// 0 for what the run does not count.
    pub fn count(&self, count: Count) -> u64 {
        unsafe { sys::zimg_tally_count(self.as_ptr(), count.into_raw()) }
    }
}

handle! {
    /// Counts of a run over many entries.
    Tally, zimg_tally, zimg_tally_destroy
}

impl Deref for Tally {
    type Target = TallyView;

    fn deref(&self) -> &TallyView {
        unsafe { TallyView::of(Tally::as_ptr(self)) }
    }
}

handle! {
    /// What a cache holds and did.
    Stats, zimg_stats, zimg_stats_destroy
}

/// The part of one namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct NamespaceStats {
    pub name: String,
    pub entries: u64,
    pub payload_bytes: u64,
    pub pinned: u64,
    /// When the oldest entry was stored, Unix time in milliseconds; 0 where there is none.
    pub oldest_ms: u64,
    pub hits: u64,
    pub stored: u64,
    pub evicted: u64,
    pub saved_bytes: u64,
    pub saved_ms: f64,
}

impl Stats {
    /// `Entries PayloadBytes UsedBytes CapacityBytes Hits Misses Stored Evicted Expired Corrupt Rejected SavedBytes OldestMs`,
    /// of all processes that used the cache; 0 for another.
    pub fn count(&self, count: Count) -> u64 {
        unsafe { sys::zimg_stats_count(self.as_ptr(), count.into_raw()) }
    }

    pub fn saved_ms(&self) -> f64 {
        unsafe { sys::zimg_stats_saved_ms(self.as_ptr()) }
    }

    pub fn hit_rate(&self) -> f64 {
        unsafe { sys::zimg_stats_hit_rate(self.as_ptr()) }
    }

    /// Half, the same and double the bytes that payloads have room for, which on a disk are 85 % of the capacity, and
    /// the hit rate that a cache would have with them; none before the first lookup.
    pub fn points(&self) -> Vec<(u64, f64)> {
        let stats = self.as_ptr();
        let count = unsafe { sys::zimg_stats_point_count(stats) };
        let point = |index| unsafe {
            (sys::zimg_stats_point_bytes(stats, index), sys::zimg_stats_point_hit_rate(stats, index))
        };
        (0..count).map(point).collect()
    }

    /// In the order of their names.
    pub fn namespaces(&self) -> Vec<NamespaceStats> {
        let stats = self.as_ptr();
        let count = unsafe { sys::zimg_stats_namespace_count(stats) };
        let part = |index| {
            let value = |count: Count| unsafe { sys::zimg_stats_namespace_value(stats, index, count.into_raw()) };
            NamespaceStats {
                name: unsafe { copy_of(|size| sys::zimg_stats_namespace_name(stats, index, size)) },
                entries: value(Count::Entries),
                payload_bytes: value(Count::PayloadBytes),
                pinned: value(Count::Pinned),
                oldest_ms: value(Count::OldestMs),
                hits: value(Count::Hits),
                stored: value(Count::Stored),
                evicted: value(Count::Evicted),
                saved_bytes: value(Count::SavedBytes),
                saved_ms: unsafe { sys::zimg_stats_namespace_saved_ms(stats, index) },
            }
        };
        (0..count).map(part).collect()
    }
}

/// For [`Cache::stats`](crate::Cache::stats): sets one of the counts of [`Stats::count`].
pub(crate) unsafe fn set_count(stats: *mut sys::zimg_stats, count: Count, value: u64) -> Result<()> {
    check(|error| sys::zimg_stats_set_count(stats, count.into_raw(), value, error))
}
