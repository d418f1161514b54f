//! Jobs: one request on a thread of its own.

use std::os::raw::{c_int, c_void};

use crate::*;

/// Called once by the job's thread when the job is done. It may destroy the job.
pub type zimg_job_function = Option<unsafe extern "C" fn(user_data: *mut c_void, job: *mut zimg_job)>;

extern "C" {
    /// Copies the request. Nothing runs before zimg_job_start().
    pub fn zimg_job_create(
        generator: *mut zimg_generator,
        request: *const zimg_request,
        out_job: *mut *mut zimg_job,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Before zimg_job_start(); ZIMG_STATUS_INVALID_ARGUMENT after it.
    pub fn zimg_job_set_done(
        job: *mut zimg_job,
        on_done: zimg_job_function,
        user_data: *mut c_void,
        release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Once; ZIMG_STATUS_INVALID_ARGUMENT the second time.
    pub fn zimg_job_start(job: *mut zimg_job, out_error: *mut *mut zimg_error) -> zimg_status;
    /// How far it is. Never waits.
    pub fn zimg_job_poll(job: *const zimg_job) -> zimg_job_state;
    /// Waits until the job is done, at most `timeout_ms`; below 0 is without end. `out_is_done`,
    /// which may be NULL, becomes 0 where the time ran out. Not for a job that was not started, nor
    /// for the job's own callbacks.
    pub fn zimg_job_wait(
        job: *mut zimg_job,
        timeout_ms: i64,
        out_is_done: *mut c_int,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// From any thread, at any time, as often as one likes. A job that is cancelled before its
    /// start is done at once when it starts; one that is done stays as it is. Other users of the
    /// request's token go on.
    pub fn zimg_job_cancel(job: *mut zimg_job);
    /// The newest step; 0 of 0 before the first. The out-parameters may be NULL.
    pub fn zimg_job_progress(job: *const zimg_job, out_step: *mut u32, out_steps: *mut u32);
    /// The newest preview; ZIMG_STATUS_NOT_FOUND where there is none yet.
    pub fn zimg_job_preview(
        job: *const zimg_job,
        out_picture: *mut *mut zimg_picture,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// The answer, or the error, that zimg_generator_generate() would have given; as often as one
    /// likes. ZIMG_STATUS_INVALID_ARGUMENT where the job is not done.
    pub fn zimg_job_result(
        job: *const zimg_job,
        out_result: *mut *mut zimg_result,
        out_error: *mut *mut zimg_error,
    ) -> zimg_status;
    /// Cancels and waits for the job's thread, but for a callback of the job itself.
    pub fn zimg_job_destroy(job: *mut zimg_job);
}
