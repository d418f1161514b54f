//! Tallies and stats.

use std::os::raw::c_char;

use crate::*;

extern "C" {
    /// 0 for what the run does not count.
    pub fn zimg_tally_count(tally: *const zimg_tally, count: zimg_count) -> u64;
    pub fn zimg_tally_destroy(tally: *mut zimg_tally);
    /// ENTRIES PAYLOAD_BYTES USED_BYTES CAPACITY_BYTES HITS MISSES STORED EVICTED EXPIRED CORRUPT
    /// REJECTED SAVED_BYTES OLDEST_MS, of all processes that used the cache.
    pub fn zimg_stats_count(stats: *const zimg_stats, count: zimg_count) -> u64;
    pub fn zimg_stats_saved_ms(stats: *const zimg_stats) -> f64;
    pub fn zimg_stats_hit_rate(stats: *const zimg_stats) -> f64;
    /// What a cache of another size would do: half, the same and double the room for payloads, which
    /// on a disk is 85 % of CAPACITY_BYTES; none before the first lookup.
    pub fn zimg_stats_point_count(stats: *const zimg_stats) -> usize;
    pub fn zimg_stats_point_bytes(stats: *const zimg_stats, index: usize) -> u64;
    pub fn zimg_stats_point_hit_rate(stats: *const zimg_stats, index: usize) -> f64;
    /// The part of each namespace, in the order of their names: ENTRIES PAYLOAD_BYTES PINNED
    /// OLDEST_MS HITS STORED EVICTED SAVED_BYTES.
    pub fn zimg_stats_namespace_count(stats: *const zimg_stats) -> usize;
    pub fn zimg_stats_namespace_name(stats: *const zimg_stats, index: usize, out_size: *mut usize) -> *const c_char;
    pub fn zimg_stats_namespace_value(stats: *const zimg_stats, index: usize, count: zimg_count) -> u64;
    pub fn zimg_stats_namespace_saved_ms(stats: *const zimg_stats, index: usize) -> f64;
    /// For the `stats` of a foreign cache: one of the counts of zimg_stats_count().
    pub fn zimg_stats_set_count(
        stats: *mut zimg_stats,
        count: zimg_count,
        value: u64,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    pub fn zimg_stats_destroy(stats: *mut zimg_stats);
}
