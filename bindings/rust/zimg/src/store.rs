//! Stores on a disk, and their upkeep.

use std::os::raw::{c_int, c_void};
use std::path::Path;
use std::time::Duration;

use crate::callback::{on_tally, Lent, OnTally};
use crate::error::{check, made};
use crate::text::{octets, parts};
use crate::{sys, Policy, Result, Tally, TallyView};

handle! {
    /// A store on a disk: where it is, and how it is opened.
    LmdbOptions, zimg_lmdb_options, zimg_lmdb_options_destroy
}

impl LmdbOptions {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_lmdb_options_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// What a cache URL "lmdb:...", or the empty one, names.
    pub fn from_url(url: &str) -> Result<Self> {
        let (data, size) = parts!(url);
        let raw = made(|out, error| unsafe { sys::zimg_lmdb_options_from_url(data, size, out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// A folder, created 0700 with its parents when absent.
    pub fn set_path(&mut self, path: impl AsRef<Path>) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        check(|error| unsafe { sys::zimg_lmdb_options_set_path(self.as_ptr(), data, size, error) })?;
        Ok(self)
    }

    /// 4 MiB to 16 TiB, rounded down to a multiple of 65,536; 0, as at first: the store's own, or for a new one the smaller
    /// of 10 GiB and 10 % of the free disk.
    pub fn set_capacity_bytes(&mut self, bytes: u64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_lmdb_options_set_capacity_bytes(self.as_ptr(), bytes, error) })?;
        Ok(self)
    }

    /// How long a writer may wait for another process, in whole milliseconds; 100 ms at first.
    pub fn set_lock_timeout(&mut self, timeout: Duration) -> Result<&mut Self> {
        let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
        check(|error| unsafe { sys::zimg_lmdb_options_set_lock_timeout_ms(self.as_ptr(), timeout_ms, error) })?;
        Ok(self)
    }

    /// A store on a network file system, where LMDB's locks do not hold across machines; refused at first.
    pub fn set_allow_network(&mut self, is_allowed: bool) -> Result<&mut Self> {
        let is_allowed = c_int::from(is_allowed);
        check(|error| unsafe { sys::zimg_lmdb_options_set_allow_network(self.as_ptr(), is_allowed, error) })?;
        Ok(self)
    }

    /// Its secrets are added to those of the options, as [`add_namespace_secret`](Self::add_namespace_secret) adds them.
    pub fn set_policy(&mut self, policy: &Policy) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_lmdb_options_set_policy(self.as_ptr(), policy.as_ptr(), error) })?;
        Ok(self)
    }

    /// The pictures of the namespace are encrypted (AES-256-GCM) under the secret. Of two for one namespace, the last is.
    pub fn add_namespace_secret(&mut self, name: &str, secret: &[u8]) -> Result<&mut Self> {
        let ((name, name_size), (secret, secret_size)) = (parts!(name), parts!(secret));
        let options = self.as_ptr();
        check(|error| unsafe {
            sys::zimg_lmdb_options_add_namespace_secret(options, name, name_size, secret, secret_size, error)
        })?;
        Ok(self)
    }
}

/// As [`CacheHandle::verify`](crate::CacheHandle::verify) of the store that `options` name, open elsewhere or not, without
/// opening it here: child processes read it, since damage of its own records may end who does. `Unreadable` are, among
/// others, the encrypted ones that the options have no secret for.
pub fn verify_store(options: &LmdbOptions, mut on_progress: impl FnMut(&TallyView) -> bool + Send) -> Result<Tally> {
    tallied(sys::zimg_store_verify, options, &mut on_progress)
}

/// Copies every sound entry of a store that nobody has open into a fresh one, which takes its place: `Entries PayloadBytes
/// Lost Expired Unreadable Listed TreeDamages DiskBytesBefore DiskBytesAfter`. Where `on_progress` gives `false`, it ends
/// as cancelled.
pub fn rebuild_store(options: &LmdbOptions, mut on_progress: impl FnMut(&TallyView) -> bool + Send) -> Result<Tally> {
    tallied(sys::zimg_store_rebuild, options, &mut on_progress)
}

type Run = unsafe extern "C" fn(
    *const sys::zimg_lmdb_options,
    sys::zimg_tally_function,
    *mut c_void,
    *mut *mut sys::zimg_tally,
    *mut *mut sys::zimg_error,
) -> sys::zimg_status;

fn tallied(run: Run, options: &LmdbOptions, on_progress: &mut OnTally<'_>) -> Result<Tally> {
    let lent = Lent::new(on_progress);
    let result = made(|out, error| unsafe { run(options.as_ptr(), Some(on_tally), lent.user_data(), out, error) });
    lent.check(result.map(|raw| unsafe { Tally::own(raw) }))
}

/// Gives the store that `options` name, and that nobody has open, their capacity.
pub fn resize_store(options: &LmdbOptions) -> Result<()> {
    check(|error| unsafe { sys::zimg_store_resize(options.as_ptr(), error) })
}
