//! Pictures to have ready.

use crate::callback::{on_tally, Lent, OnTally};
use crate::error::{check, made};
use crate::text::copy_of;
use crate::{sys, CancelToken, Count, Generator, PrewarmEnd, Request, Result, Status, TallyView};

handle! {
    /// A list of pictures to have ready.
    Prewarm, zimg_prewarm, zimg_prewarm_destroy
}

impl Prewarm {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_prewarm_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// A copy of `request`, whose cache mode, progress callback and cancel token are not read: the run has its own. The
    /// higher priorities are drawn first.
    pub fn add(&mut self, request: &Request, priority: f64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_add(self.as_ptr(), request.as_ptr(), priority, error) })?;
        Ok(self)
    }

    /// No drawing is begun once a budget is spent. Not set: no end.
    pub fn set_budget_pictures(&mut self, pictures: u64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_set_budget_pictures(self.as_ptr(), pictures, error) })?;
        Ok(self)
    }

    pub fn set_budget_seconds(&mut self, seconds: f64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_set_budget_seconds(self.as_ptr(), seconds, error) })?;
        Ok(self)
    }

    pub fn set_budget_bytes(&mut self, bytes: u64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_set_budget_bytes(self.as_ptr(), bytes, error) })?;
        Ok(self)
    }

    /// Requests side by side, 1 to 64; 2 at first.
    pub fn set_at_once(&mut self, requests: u32) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_set_at_once(self.as_ptr(), requests, error) })?;
        Ok(self)
    }

    pub fn set_cancel_token(&mut self, token: &CancelToken) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_prewarm_set_cancel_token(self.as_ptr(), token.as_ptr(), error) })?;
        Ok(self)
    }

    /// Draws what is missing; blocks. `on_progress` is told `Listed Checked Missing Done DrawnBytes`; where it gives `false`
    /// the run ends as cancelled. That single items failed is told in the report.
    pub fn run(
        &self,
        generator: &Generator,
        mut on_progress: impl FnMut(&TallyView) -> bool + Send,
    ) -> Result<PrewarmReport> {
        let function: &mut OnTally<'_> = &mut on_progress;
        let lent = Lent::new(function);
        let result = made(|out, error| unsafe {
            let (prewarm, generator) = (self.as_ptr(), generator.as_ptr());
            sys::zimg_prewarm_run(prewarm, generator, Some(on_tally), lent.user_data(), out, error)
        });
        generator.failure().check(lent.check(result.map(|raw| unsafe { PrewarmReport::take(raw) })))
    }
}

/// What became of a prewarming run.
#[derive(Clone, Debug, PartialEq)]
pub struct PrewarmReport {
    pub end: PrewarmEnd,
    /// Why pictures are not stored; empty otherwise.
    pub note: String,
    /// Items in all.
    pub listed: u64,
    /// Pictures that the items ask for.
    pub different: u64,
    /// There already.
    pub found: u64,
    pub drawn: u64,
    /// Drawn, and not kept.
    pub unstored: u64,
    /// What another run would draw.
    pub left: u64,
    pub drawn_bytes: u64,
    pub seconds: f64,
    pub failures: Vec<PrewarmFailure>,
}

/// An item that could not be had ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrewarmFailure {
    /// Its place in the list, from 0.
    pub item: usize,
    pub status: Status,
    pub message: String,
}

impl PrewarmReport {
    unsafe fn take(raw: *mut sys::zimg_prewarm_report) -> Self {
        let count = |count: Count| sys::zimg_prewarm_report_count(raw, count.into_raw());
        let failure = |index| PrewarmFailure {
            item: sys::zimg_prewarm_report_failure_item(raw, index),
            status: Status::from_raw(sys::zimg_prewarm_report_failure_status(raw, index)),
            message: copy_of(|size| sys::zimg_prewarm_report_failure_message(raw, index, size)),
        };
        let report = Self {
            end: PrewarmEnd::from_raw(sys::zimg_prewarm_report_end(raw)),
            note: copy_of(|size| sys::zimg_prewarm_report_note(raw, size)),
            listed: count(Count::Listed),
            different: count(Count::Different),
            found: count(Count::Found),
            drawn: count(Count::Drawn),
            unstored: count(Count::Unstored),
            left: count(Count::Left),
            drawn_bytes: count(Count::DrawnBytes),
            seconds: sys::zimg_prewarm_report_seconds(raw),
            failures: (0..sys::zimg_prewarm_report_failure_count(raw)).map(failure).collect(),
        };
        sys::zimg_prewarm_report_destroy(raw);
        report
    }
}
