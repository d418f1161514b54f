//! Why a call failed.

use std::fmt;
use std::ptr;

use crate::sys;
use crate::text::copy_of;

pub use crate::enumerations::Status;

/// What a call gives that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed: what kind of failure, and one English sentence that names the file, field or key, never a prompt or
/// a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    status: Status,
    message: String,
}

impl Error {
    /// For a [`Cache`](crate::Cache) or a [`Pipeline`](crate::Pipeline), which report their failures as zimg does.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub fn status(&self) -> Status {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// Takes over what a call left behind that answered with `status`.
    pub(crate) unsafe fn take(status: sys::zimg_status, raw: *mut sys::zimg_error) -> Self {
        let message = if raw.is_null() {
            "there was no memory left to say what failed".to_string()
        } else {
            copy_of(|size| sys::zimg_error_message(raw, size))
        };
        sys::zimg_error_destroy(raw);
        Self { status: Status::from_raw(status), message }
    }

    /// Hands it to zimg, from a callback: the status to return, with the error in `out_error`.
    pub(crate) unsafe fn give(self, out_error: *mut *mut sys::zimg_error) -> sys::zimg_status {
        let status = match self.status {
            Status::Ok => Status::Internal, // a failure cannot be a success
            status => status,
        };
        if !out_error.is_null() {
            *out_error = sys::zimg_error_create(status.into_raw(), self.message.as_ptr().cast(), self.message.len());
        }
        status.into_raw()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Makes a call that can fail.
pub(crate) fn check(call: impl FnOnce(*mut *mut sys::zimg_error) -> sys::zimg_status) -> Result<()> {
    let mut error = ptr::null_mut();
    match call(&mut error) {
        sys::ZIMG_STATUS_OK => Ok(()),
        status => Err(unsafe { Error::take(status, error) }),
    }
}

/// Makes a call that gives a handle, or null where it may.
pub(crate) fn made<T>(call: impl FnOnce(*mut *mut T, *mut *mut sys::zimg_error) -> sys::zimg_status) -> Result<*mut T> {
    let mut out = ptr::null_mut();
    check(|error| call(&mut out, error))?;
    Ok(out)
}

/// Makes a call that gives a number.
pub(crate) fn given<T: Default>(call: impl FnOnce(*mut T, *mut *mut sys::zimg_error) -> sys::zimg_status) -> Result<T> {
    let mut out = T::default();
    check(|error| call(&mut out, error))?;
    Ok(out)
}
