//! Which entries stay and which go.

use std::ffi::c_void;
use std::os::raw::{c_char, c_int};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::callback::{guarded, hand_over, release};
use crate::error::{check, given, made};
use crate::text::{parts, text_of};
use crate::{sys, Request, Result};

pub use crate::enumerations::Preset;

handle! {
    /// Which entries of a cache stay and which go.
    Policy, zimg_policy, zimg_policy_destroy
}

type Clock = Box<dyn Fn() -> i64 + Send + Sync>;
type Warning = Box<dyn Fn(&str) + Send + Sync>;

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

unsafe extern "C" fn now_ms(user_data: *mut c_void) -> i64 {
    guarded("the clock", || (*user_data.cast::<Clock>())()).unwrap_or_else(|_| system_ms())
}

unsafe extern "C" fn on_warning(user_data: *mut c_void, warning: *const c_char, length: usize) {
    // A warning that fails is lost; the store that it comes from stands.
    let _ = guarded("the warning callback", || {
        (*user_data.cast::<Warning>())(text_of(|size| {
            *size = length;
            warning
        }))
    });
}

impl Policy {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_policy_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// The rule of a namespace; "*" is that of each which has none of its own. 0 is no limit, no reserve, no time to live; one
    /// below a millisecond is refused.
    pub fn add_namespace(
        &mut self,
        name: &str,
        limit_bytes: u64,
        reserved_bytes: u64,
        ttl: Duration,
    ) -> Result<&mut Self> {
        let (data, size) = parts!(name);
        let ttl_ms = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
        if ttl_ms == 0 && !ttl.is_zero() {
            let sentence = format!(
                "the namespace '{name}' has a time to live of {ttl:?}; at least 1 ms, or 0 for none, is expected"
            );
            return Err(crate::Error::new(crate::Status::InvalidArgument, sentence));
        }
        check(|error| unsafe {
            sys::zimg_policy_add_namespace(self.as_ptr(), data, size, limit_bytes, reserved_bytes, ttl_ms, error)
        })?;
        Ok(self)
    }

    /// The pictures of the namespace are encrypted (AES-256-GCM) under the secret by a store on a disk, where the cache URL
    /// says "encrypt=1" or where [`LmdbOptions`](crate::LmdbOptions) have the policy; by no other cache.
    pub fn add_namespace_secret(&mut self, name: &str, secret: &[u8]) -> Result<&mut Self> {
        let ((name, name_size), (secret, secret_size)) = (parts!(name), parts!(secret));
        let policy = self.as_ptr();
        check(|error| unsafe {
            sys::zimg_policy_add_namespace_secret(policy, name, name_size, secret, secret_size, error)
        })?;
        Ok(self)
    }

    /// 0, as at first, to 1: the share of a rule's time to live that chance may take off.
    pub fn set_ttl_jitter(&mut self, jitter: f64) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_policy_set_ttl_jitter(self.as_ptr(), jitter, error) })?;
        Ok(self)
    }

    /// Set, as at first: what saves the fewest seconds for a byte goes first. Else the least recently used, or the oldest.
    pub fn set_weighs_entries(&mut self, is_weighing: bool) -> Result<&mut Self> {
        check(|error| unsafe { sys::zimg_policy_set_weighs_entries(self.as_ptr(), c_int::from(is_weighing), error) })?;
        Ok(self)
    }

    /// Milliseconds of Unix time, from any thread. It must not call the cache. Where it panics, the system's time is taken.
    pub fn set_clock(&mut self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Result<&mut Self> {
        let clock: Clock = Box::new(clock);
        hand_over(clock, |data| {
            let drop_it = Some(release::<Clock> as unsafe extern "C" fn(*mut c_void));
            check(|error| unsafe { sys::zimg_policy_set_clock(self.as_ptr(), Some(now_ms), data, drop_it, error) })
        })?;
        Ok(self)
    }

    /// Told when a store fills the cache beyond 80 %, and again only after one that left it below 70 %. It must not
    /// call the cache, nor ask a generator for a picture. A panic loses the warning and nothing else.
    pub fn set_warning(&mut self, callback: impl Fn(&str) + Send + Sync + 'static) -> Result<&mut Self> {
        let callback: Warning = Box::new(callback);
        hand_over(callback, |data| {
            let drop_it = Some(release::<Warning> as unsafe extern "C" fn(*mut c_void));
            check(|error| unsafe {
                sys::zimg_policy_set_warning(self.as_ptr(), Some(on_warning), data, drop_it, error)
            })
        })?;
        Ok(self)
    }
}

impl Preset {
    /// "public-demo", "personal", "batch" or "ab-test"; [`Status::NotFound`](crate::Status::NotFound) for another name.
    pub fn named(name: &str) -> Result<Self> {
        let (data, size) = parts!(name);
        let raw = given(|out, error| unsafe { sys::zimg_preset_named(data, size, out, error) })?;
        let known = Self::ALL.iter().copied().find(|preset| preset.into_raw() == raw);
        known.ok_or_else(|| {
            crate::Error::new(crate::Status::Unsupported, format!("the preset '{name}' is newer than this crate"))
        })
    }

    /// Sets the namespace of `request` and gives it its rule in `policy`. `user` is who asks, for
    /// [`Personal`](Self::Personal); else empty.
    pub fn apply(self, user: &str, request: &mut Request, policy: &mut Policy) -> Result<()> {
        let (data, size) = parts!(user);
        let (request, policy) = (request.as_ptr(), policy.as_ptr());
        check(|error| unsafe { sys::zimg_preset_apply(self.into_raw(), data, size, request, policy, error) })
    }
}
