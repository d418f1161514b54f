//! One request on a thread of its own.

use std::future::Future;
use std::os::raw::c_void;
use std::pin::Pin;
use std::ptr;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::callback::{guarded, hand_over, release, Failure};
use crate::error::{check, given, made};
use crate::{sys, Delivered, Generator, JobState, Picture, Request, Result, Status};

handle! {
    RawJob, zimg_job, zimg_job_destroy
}

/// One request, answered by a thread of its own. Any threads may use it at once. Dropping it cancels it and waits for its
/// thread.
#[derive(Debug)]
pub struct Job {
    raw: RawJob,
    failure: Arc<Failure>,
    generator: Arc<Failure>,
    settled: Once,
}

struct OnDone {
    function: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    failure: Arc<Failure>,
}

unsafe extern "C" fn on_done(user_data: *mut c_void, _job: *mut sys::zimg_job) {
    let callback = &*user_data.cast::<OnDone>();
    let function = callback.function.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(function) = function {
        if let Err(error) = guarded("the callback at the job's end", function) {
            callback.failure.keep(error);
        }
    }
}

impl Job {
    pub(crate) fn new(generator: &Generator, request: &Request) -> Result<Self> {
        let failure = Arc::default();
        let raw = request.with(&failure, |request| {
            made(|out, error| unsafe { sys::zimg_job_create(generator.as_ptr(), request, out, error) })
        })?;
        let generator = generator.failure().clone();
        Ok(Self { raw: unsafe { RawJob::own(raw) }, failure, generator, settled: Once::new() })
    }

    /// The handle in C, for [`crate::sys`].
    pub fn as_ptr(&self) -> *mut sys::zimg_job {
        self.raw.as_ptr()
    }

    /// What the job's thread calls when the job is done. To be set before the start. What it captures may drop the job.
    /// A panic of it is the error of [`Job::result`] from then on.
    pub fn set_done(&self, callback: impl FnOnce() + Send + 'static) -> Result<()> {
        let kept = OnDone { function: Mutex::new(Some(Box::new(callback))), failure: self.failure.clone() };
        hand_over(kept, |data| {
            let drop_it = Some(release::<OnDone> as unsafe extern "C" fn(*mut c_void));
            check(|error| unsafe { sys::zimg_job_set_done(self.as_ptr(), Some(on_done), data, drop_it, error) })
        })
    }

    /// Once; [`Status::InvalidArgument`] the second time.
    pub fn start(&self) -> Result<()> {
        check(|error| unsafe { sys::zimg_job_start(self.as_ptr(), error) })
    }

    /// How far it is. Never waits.
    pub fn state(&self) -> JobState {
        JobState::from_raw(unsafe { sys::zimg_job_poll(self.as_ptr()) })
    }

    /// Waits until the job is done. Not for a job that was not started, nor for the job's own callbacks.
    pub fn wait(&self) -> Result<()> {
        check(|error| unsafe { sys::zimg_job_wait(self.as_ptr(), -1, ptr::null_mut(), error) })
    }

    /// Waits at most `timeout`, in whole milliseconds; whether the job is done.
    pub fn wait_for(&self, timeout: Duration) -> Result<bool> {
        let timeout_ms = i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX);
        given(|out, error| unsafe { sys::zimg_job_wait(self.as_ptr(), timeout_ms, out, error) }).map(|done| done != 0)
    }

    /// From any thread, at any time, as often as one likes. A job that is cancelled before its start is done at once when
    /// it starts; one that is done stays as it is. Other users of the request's token go on.
    pub fn cancel(&self) {
        unsafe { sys::zimg_job_cancel(self.as_ptr()) }
    }

    /// The newest step, and the steps in all; 0 of 0 before the first.
    pub fn progress(&self) -> (u32, u32) {
        let (mut step, mut steps) = (0, 0);
        unsafe { sys::zimg_job_progress(self.as_ptr(), &mut step, &mut steps) };
        (step, steps)
    }

    /// The newest preview, if there is one yet.
    pub fn preview(&self) -> Result<Option<Picture>> {
        match made(|out, error| unsafe { sys::zimg_job_preview(self.as_ptr(), out, error) }) {
            Ok(raw) => Ok(Some(unsafe { Picture::own(raw) })),
            Err(error) if error.status() == Status::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What [`Generator::generate`] would have given, as often as one likes. [`Status::InvalidArgument`] where the job is not
    /// done.
    pub fn result(&self) -> Result<Delivered> {
        let result = made(|out, error| unsafe { sys::zimg_job_result(self.as_ptr(), out, error) })
            .map(|raw| unsafe { Delivered::own(raw) });
        if self.state() != JobState::Done {
            return result; // what a callback left is for the end
        }
        // The generator's failure belongs to whoever asks first; from then on it is this job's.
        self.settled.call_once(|| {
            if let Err(error) = self.generator.check(Ok(())) {
                self.failure.keep(error);
            }
        });
        self.failure.peek(result)
    }
}

#[derive(Default)]
struct Wake {
    is_done: bool,
    waker: Option<Waker>,
}

/// A picture that is being drawn. Dropping it cancels the drawing and waits for its thread.
#[derive(Debug)]
pub struct DrawingFuture {
    job: Job,
    wake: Arc<Mutex<Wake>>,
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Wake").field("is_done", &self.is_done).finish_non_exhaustive()
    }
}

impl DrawingFuture {
    pub(crate) fn new(job: Job) -> Result<Self> {
        let wake = Arc::new(Mutex::new(Wake::default()));
        let told = wake.clone();
        job.set_done(move || {
            let waker = {
                let mut wake = told.lock().unwrap_or_else(PoisonError::into_inner);
                wake.is_done = true;
                wake.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        })?;
        job.start()?;
        Ok(Self { job, wake })
    }

    /// The job behind it, for its progress and to cancel it.
    pub fn job(&self) -> &Job {
        &self.job
    }
}

impl Future for DrawingFuture {
    type Output = Result<Delivered>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut wake = self.wake.lock().unwrap_or_else(PoisonError::into_inner);
        if !wake.is_done {
            wake.waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        drop(wake);
        Poll::Ready(self.job.result())
    }
}
