use crate::error::made;
use crate::text::take_text;
use crate::{sys, Count, Histogram, Result};

handle! {
    /// What a generator has counted and timed, at the moment when it was asked.
    Metrics, zimg_metrics, zimg_metrics_destroy
}

impl Metrics {
    /// `Hits Misses Joined Bypassed Failed Expired Invalidated Filtered Evicted Corrupt Drawn Stored Unstored SavedBytes`;
    /// 0 for another.
    pub fn count(&self, count: Count) -> u64 {
        unsafe { sys::zimg_metrics_count(self.as_ptr(), count.into_raw()) }
    }

    /// Hits / (hits + misses).
    pub fn hit_rate(&self) -> f64 {
        unsafe { sys::zimg_metrics_hit_rate(self.as_ptr()) }
    }

    /// Milliseconds that drawing the hits would have taken.
    pub fn saved_ms(&self) -> f64 {
        unsafe { sys::zimg_metrics_saved_ms(self.as_ptr()) }
    }

    /// How many latencies fell into each bucket: above the bound before and at most its own, of
    /// [`histogram_bounds_ms`]; the last one, beyond them, holds what is longer than every bound.
    pub fn buckets(&self, histogram: Histogram) -> Vec<u64> {
        let count = unsafe { sys::zimg_histogram_bound_count() };
        (0..=count)
            .map(|index| unsafe { sys::zimg_metrics_bucket(self.as_ptr(), histogram.into_raw(), index) })
            .collect()
    }

    pub fn sum_ms(&self, histogram: Histogram) -> f64 {
        unsafe { sys::zimg_metrics_sum_ms(self.as_ptr(), histogram.into_raw()) }
    }

    /// What the share `quantile` (0 to 1) of the latencies stayed below.
    pub fn quantile_ms(&self, histogram: Histogram, quantile: f64) -> f64 {
        unsafe { sys::zimg_metrics_quantile_ms(self.as_ptr(), histogram.into_raw(), quantile) }
    }

    /// All of them in the text format of Prometheus, version 0.0.4.
    pub fn prometheus(&self) -> Result<String> {
        let raw = made(|out, error| unsafe { sys::zimg_metrics_prometheus(self.as_ptr(), out, error) })?;
        Ok(unsafe { take_text(raw) })
    }
}

/// The upper bounds of the buckets of every histogram, in milliseconds.
pub fn histogram_bounds_ms() -> Vec<f64> {
    let count = unsafe { sys::zimg_histogram_bound_count() };
    (0..count).map(|index| unsafe { sys::zimg_histogram_bound_ms(index) }).collect()
}
