use std::sync::Arc;

use crate::error::made;
use crate::{sys, Result};

handle! {
    RawToken, zimg_cancel_token, zimg_cancel_token_destroy
}

/// Stops the requests and runs that carry it. Clones are one token.
#[derive(Clone, Debug)]
pub struct CancelToken {
    token: Arc<RawToken>,
}

impl CancelToken {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_cancel_token_create(out, error) })?;
        Ok(Self { token: Arc::new(unsafe { RawToken::own(raw) }) })
    }

    /// From any thread, as often as one likes; it stays cancelled. A drawing stops within one denoiser layer.
    pub fn cancel(&self) {
        unsafe { sys::zimg_cancel_token_cancel(self.as_ptr()) }
    }

    pub fn is_cancelled(&self) -> bool {
        unsafe { sys::zimg_cancel_token_is_cancelled(self.as_ptr()) != 0 }
    }

    /// The handle in C, for [`crate::sys`].
    pub fn as_ptr(&self) -> *mut sys::zimg_cancel_token {
        self.token.as_ptr()
    }
}
