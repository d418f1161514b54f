//! Closures as callbacks in C, and what becomes of their panics.

use std::any::Any;
use std::os::raw::{c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::{sys, Error, Result, Status};

/// Where a callback leaves the error that C has no way for, until the call that it came from ends.
#[derive(Default, Debug)]
pub(crate) struct Failure {
    is_there: AtomicBool,
    error: Mutex<Option<Error>>,
}

impl Failure {
    /// Runs `callback`; where it panics, keeps what it said and answers `instead`.
    pub fn guard<T>(&self, name: &str, instead: T, callback: impl FnOnce() -> T) -> T {
        match guarded(name, callback) {
            Ok(value) => value,
            Err(error) => {
                self.keep(error);
                instead
            }
        }
    }

    pub fn keep(&self, error: Error) {
        // The first is the cause; those after it are its consequences.
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.is_there.store(true, Ordering::Release);
    }

    pub fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Acquire)
    }

    /// What `result` is, unless a callback failed on the way: the same at each asking.
    pub fn peek<T>(&self, result: Result<T>) -> Result<T> {
        match &*self.error.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.clone()),
            None => result,
        }
    }

    /// What `result` is, unless a callback failed on the way, which is forgotten with this.
    pub fn check<T>(&self, result: Result<T>) -> Result<T> {
        if !self.is_there.swap(false, Ordering::AcqRel) {
            return result;
        }
        match self.error.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => result,
        }
    }
}

/// Runs `callback`, a panic of which becomes an error that names it.
pub(crate) fn guarded<T>(name: &str, callback: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(callback)).map_err(|payload| {
        let error = Error::new(Status::Internal, format!("{name} panicked: {}", said_by(&*payload)));
        drop_guarded(payload);
        error
    })
}

fn said_by(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "it gave no reason",
    }
}

/// Drops `value`, whose own drop may panic: that is lost, as what a release throws is.
pub(crate) fn drop_guarded<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        std::mem::forget(payload); // which may panic again
    }
}

/// The `user_data` of a callback that zimg keeps.
pub(crate) fn kept<T: Send + Sync>(value: T) -> *mut c_void {
    Box::into_raw(Box::new(value)).cast()
}

/// Its `release`.
pub(crate) unsafe extern "C" fn release<T>(user_data: *mut c_void) {
    drop_guarded(Box::from_raw(user_data.cast::<T>()));
}

/// Hands `value` to a setter, which keeps it where it succeeds.
pub(crate) fn hand_over<T: Send + Sync>(value: T, set: impl FnOnce(*mut c_void) -> Result<()>) -> Result<()> {
    let user_data = kept(value);
    let result = set(user_data);
    if result.is_err() {
        unsafe { release::<T>(user_data) };
    }
    result
}

/// A closure that is called only while one call lasts, maybe by another thread, never by two at once.
pub(crate) struct Lent<'a, F: ?Sized> {
    function: Mutex<&'a mut F>,
    failure: Failure,
}

impl<'a, F: ?Sized + 'a> Lent<'a, F> {
    pub fn new(function: &'a mut F) -> Self {
        Self { function: Mutex::new(function), failure: Failure::default() }
    }

    pub fn user_data(&self) -> *mut c_void {
        (self as *const Self as *mut Self).cast()
    }

    /// The closure behind `user_data`, run by `call`; `stop` where it panics now or has before.
    pub unsafe fn run<T>(user_data: *mut c_void, stop: T, call: impl FnOnce(&mut F) -> T) -> T {
        let lent = &*user_data.cast::<Self>();
        if lent.failure.is_there() {
            return stop;
        }
        lent.failure
            .guard("the callback", stop, || call(&mut lent.function.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    pub fn check<T>(&self, result: Result<T>) -> Result<T> {
        self.failure.check(result)
    }
}

/// How the runs over many entries tell how far they are; `false` stops them.
pub(crate) type OnTally<'a> = dyn FnMut(&crate::TallyView) -> bool + Send + 'a;

pub(crate) unsafe extern "C" fn on_tally(user_data: *mut c_void, so_far: *const sys::zimg_tally) -> c_int {
    Lent::<OnTally>::run(user_data, 0, |function| c_int::from(function(crate::TallyView::of(so_far))))
}

/// How single entries are shown.
pub(crate) type OnEntry<'a> = dyn FnMut(&crate::Key, &crate::EntryView, u64) -> bool + Send + 'a;

pub(crate) unsafe extern "C" fn on_entry(
    user_data: *mut c_void,
    key: *const sys::zimg_key,
    entry: *const sys::zimg_entry,
    payload_bytes: u64,
) -> c_int {
    Lent::<OnEntry>::run(user_data, 0, |function| {
        c_int::from(function(&crate::Key::from(*key), crate::EntryView::of(entry), payload_bytes))
    })
}

/// How the runs over many octets tell how far they are.
pub(crate) type OnBytes<'a> = dyn FnMut(u64, u64) + Send + 'a;

pub(crate) unsafe extern "C" fn on_bytes(user_data: *mut c_void, done_bytes: u64, total_bytes: u64) {
    Lent::<OnBytes>::run(user_data, (), |function| function(done_bytes, total_bytes));
}
