//! Which picture is wanted.

use std::fmt;
use std::os::raw::{c_int, c_void};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use crate::callback::{drop_guarded, guarded, hand_over, release, Failure};
use crate::error::{check, made};
use crate::text::parts;
use crate::{sys, CacheMode, CancelToken, ImageFormat, MatchLevel, Result, Schedule};

handle! {
    RawRequest, zimg_request, zimg_request_destroy
}

view! {
    /// One step of a drawing.
    Progress, zimg_progress
}

impl Progress {
    /// Steps finished.
    pub fn step(&self) -> u32 {
        unsafe { sys::zimg_progress_step(self.as_ptr()) }
    }

    /// Steps in all.
    pub fn steps(&self) -> u32 {
        unsafe { sys::zimg_progress_steps(self.as_ptr()) }
    }

    /// Width, height and RGB pixels of the preview, where the request asks for one.
    pub fn preview(&self) -> Option<(u32, u32, &[u8])> {
        let (mut width, mut height, mut size) = (0, 0, 0);
        let rgb = unsafe { sys::zimg_progress_preview(self.as_ptr(), &mut width, &mut height, &mut size) };
        (!rgb.is_null()).then(|| (width, height, unsafe { std::slice::from_raw_parts(rgb, size) }))
    }
}

type Function = dyn Fn(&Progress) + Send + Sync;

struct OnProgress {
    function: Arc<Function>,
    /// Of the call that it was made for; none in the handle of [`Request::as_ptr`], where a panic is lost.
    failure: Option<Arc<Failure>>,
}

impl OnProgress {
    fn set(self, request: *mut sys::zimg_request) -> Result<()> {
        hand_over(self, |data| {
            let drop_it = Some(release::<Self> as unsafe extern "C" fn(*mut c_void));
            check(|error| unsafe { sys::zimg_request_set_progress(request, Some(on_progress), data, drop_it, error) })
        })
    }
}

unsafe extern "C" fn on_progress(user_data: *mut c_void, progress: *const sys::zimg_progress) {
    let callback = &*user_data.cast::<OnProgress>();
    let name = "the progress callback";
    let call = || (callback.function)(Progress::of(progress));
    match &callback.failure {
        Some(failure) if failure.is_there() => (),
        Some(failure) => failure.guard(name, (), call),
        None => drop(guarded(name, call)),
    }
}

/// Which picture is wanted. Setters keep the value as it is; the generator refuses what is out of range.
///
/// ```
/// # fn main() -> zimg::Result<()> {
/// let mut request = zimg::Request::new("a red circle")?;
/// request.set_size(64, 64)?.set_seed(7)?;
/// # Ok(())
/// # }
/// ```
pub struct Request {
    raw: RawRequest,
    progress: Option<Arc<Function>>,
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Request").finish_non_exhaustive()
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        drop_guarded(self.progress.take());
    }
}

impl Request {
    /// `prompt` has at most 1 MiB; empty is drawn as well. Only the first 512 tokens reach the model.
    pub fn new(prompt: &str) -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_request_create(out, error) })?;
        let mut request = Self { raw: unsafe { RawRequest::own(raw) }, progress: None };
        request.set_prompt(prompt)?;
        Ok(request)
    }

    /// Another request, with the same callback and token.
    pub fn try_clone(&self) -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_request_clone(self.as_ptr(), out, error) })?;
        Ok(Self { raw: unsafe { RawRequest::own(raw) }, progress: self.progress.clone() })
    }

    /// The handle in C, for [`crate::sys`].
    pub fn as_ptr(&self) -> *mut sys::zimg_request {
        self.raw.as_ptr()
    }

    /// Runs `call` on the request, whose progress callback leaves what goes wrong in `failure`.
    pub(crate) fn with<T>(
        &self,
        failure: &Arc<Failure>,
        call: impl FnOnce(*mut sys::zimg_request) -> Result<T>,
    ) -> Result<T> {
        let function = match &self.progress {
            Some(function) => function,
            None => return call(self.as_ptr()),
        };
        let copy = made(|out, error| unsafe { sys::zimg_request_clone(self.as_ptr(), out, error) })?;
        let copy = unsafe { RawRequest::own(copy) };
        OnProgress { function: function.clone(), failure: Some(failure.clone()) }.set(copy.as_ptr())?;
        call(copy.as_ptr())
    }

    fn set(
        &mut self,
        set: impl FnOnce(*mut sys::zimg_request, *mut *mut sys::zimg_error) -> sys::zimg_status,
    ) -> Result<&mut Self> {
        check(|error| set(self.as_ptr(), error))?;
        Ok(self)
    }

    /// At most 1 MiB; empty is drawn. Only the first 512 tokens reach the model.
    pub fn set_prompt(&mut self, prompt: &str) -> Result<&mut Self> {
        let (data, size) = parts!(prompt);
        self.set(|request, error| unsafe { sys::zimg_request_set_prompt(request, data, size, error) })
    }

    /// What to steer away from. Live only where guidance is above 0.
    pub fn set_negative_prompt(&mut self, prompt: &str) -> Result<&mut Self> {
        let (data, size) = parts!(prompt);
        self.set(|request, error| unsafe { sys::zimg_request_set_negative_prompt(request, data, size, error) })
    }

    /// Pixels, multiples of the model's size step. Not set: the model's own (Z-Image 1024x1024, built-in 256x256).
    pub fn set_size(&mut self, width: u32, height: u32) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_size(request, width, height, error) })
    }

    /// 1 to 1000. Not set: the model's own (Turbo and built-in 8, base 50).
    pub fn set_steps(&mut self, steps: u32) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_steps(request, steps, error) })
    }

    /// 0 (off) to 100: the usual "CFG scale" less 1. Not set: the model's own (Turbo and built-in 0, base 4).
    pub fn set_guidance(&mut self, guidance: f64) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_guidance(request, guidance, error) })
    }

    /// 0 to 100: the reference's `cfg_normalization`; 0, as at first, is off.
    pub fn set_guidance_normalization(&mut self, normalization: f64) -> Result<&mut Self> {
        self.set(|request, error| unsafe {
            sys::zimg_request_set_guidance_normalization(request, normalization, error)
        })
    }

    /// 0 to 1: no guidance at steps whose noise level is below 1 less this; 1, as at first: at all steps.
    pub fn set_guidance_truncation(&mut self, truncation: f64) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_guidance_truncation(request, truncation, error) })
    }

    /// [`Schedule::Linear`] at first.
    pub fn set_schedule(&mut self, schedule: Schedule) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_schedule(request, schedule.into_raw(), error) })
    }

    /// 42 at first. The low 32 bits are what the noise reads. Takes back [`set_random_seed`](Self::set_random_seed).
    pub fn set_seed(&mut self, seed: u64) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_seed(request, seed, error) })
    }

    /// A fresh seed at each asking: never a hit, never joined.
    pub fn set_random_seed(&mut self, is_random: bool) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_random_seed(request, c_int::from(is_random), error) })
    }

    /// Decode in overlapping tiles: less memory, other pixels, so another key.
    pub fn set_vae_tiling(&mut self, is_tiled: bool) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_vae_tiling(request, c_int::from(is_tiled), error) })
    }

    /// [`MatchLevel::Normalized`] at first.
    pub fn set_match_level(&mut self, level: MatchLevel) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_match_level(request, level.into_raw(), error) })
    }

    /// 1 to 64 of `A-Z a-z 0-9 . _ @ : -`; requests of two namespaces never share a picture. "default" at first.
    pub fn set_namespace(&mut self, name: &str) -> Result<&mut Self> {
        let (data, size) = parts!(name);
        self.set(|request, error| unsafe { sys::zimg_request_set_namespace(request, data, size, error) })
    }

    /// [`ImageFormat::Png`] at first.
    pub fn set_format(&mut self, format: ImageFormat) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_format(request, format.into_raw(), error) })
    }

    /// 1 to 100, read for JPEG only; 90 at first.
    pub fn set_jpeg_quality(&mut self, quality: i32) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_jpeg_quality(request, quality, error) })
    }

    /// Write the canonical request into the delivered file's text chunks. Off at first.
    pub fn set_splice_parameters(&mut self, is_spliced: bool) -> Result<&mut Self> {
        let is_spliced = c_int::from(is_spliced);
        self.set(|request, error| unsafe { sys::zimg_request_set_splice_parameters(request, is_spliced, error) })
    }

    /// [`CacheMode::Normal`] at first.
    pub fn set_cache_mode(&mut self, mode: CacheMode) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_cache_mode(request, mode.into_raw(), error) })
    }

    /// How long the picture is kept from its storing on, 1 ms to 100 years. Not set: the cache's rule for the namespace;
    /// without one, until it is evicted.
    pub fn set_ttl(&mut self, ttl: Duration) -> Result<&mut Self> {
        let ttl_ms = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
        self.set(|request, error| unsafe { sys::zimg_request_set_ttl_ms(request, ttl_ms, error) })
    }

    /// 0 to less than 1: the share of it that chance may take off.
    pub fn set_ttl_jitter(&mut self, jitter: f64) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_ttl_jitter(request, jitter, error) })
    }

    /// At most 255 bytes, kept beside the picture, for purging by it.
    pub fn set_tag(&mut self, tag: &str) -> Result<&mut Self> {
        let (data, size) = parts!(tag);
        self.set(|request, error| unsafe { sys::zimg_request_set_tag(request, data, size, error) })
    }

    /// Never evicted for room; it expires all the same.
    pub fn set_pin(&mut self, is_pinned: bool) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_pin(request, c_int::from(is_pinned), error) })
    }

    /// Make a small preview after each step but the last, which costs a few milliseconds.
    pub fn set_preview(&mut self, is_wanted: bool) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_preview(request, c_int::from(is_wanted), error) })
    }

    /// Called by the drawing thread before the first step and after each. Asking the same generator for a picture from
    /// there is [`Status::InvalidArgument`](crate::Status::InvalidArgument): it would wait for itself. After a panic it is
    /// not called again for that picture, which is drawn to its end; the call then fails.
    pub fn set_progress(&mut self, callback: impl Fn(&Progress) + Send + Sync + 'static) -> Result<&mut Self> {
        let function: Arc<Function> = Arc::new(callback);
        let kept = OnProgress { function: function.clone(), failure: None };
        if let Err(error) = kept.set(self.as_ptr()) {
            drop_guarded(function);
            return Err(error);
        }
        drop_guarded(self.progress.replace(function));
        Ok(self)
    }

    /// Takes back [`set_progress`](Self::set_progress).
    pub fn clear_progress(&mut self) -> Result<&mut Self> {
        self.set(|request, error| unsafe {
            sys::zimg_request_set_progress(request, None, ptr::null_mut(), None, error)
        })?;
        drop_guarded(self.progress.take());
        Ok(self)
    }

    /// In place of the one before; none takes it away but a new one.
    pub fn set_cancel_token(&mut self, token: &CancelToken) -> Result<&mut Self> {
        self.set(|request, error| unsafe { sys::zimg_request_set_cancel_token(request, token.as_ptr(), error) })
    }
}
