//! What a generator is made of.

use std::os::raw::{c_int, c_void};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::callback::{guarded, hand_over, release, Failure};
use crate::error::{check, made};
use crate::text::{octets, parts};
use crate::{sys, Device, Fingerprint, Kept, KeywordAction, Pipeline, Precision, Result, TraceEvent};

handle! {
    RawOptions, zimg_options, zimg_options_destroy
}

/// What a generator is made of.
#[derive(Debug)]
pub struct Options {
    raw: RawOptions,
    failure: Arc<Failure>,
}

type OnEvent = Box<dyn Fn(&TraceEvent) + Send + Sync>;

unsafe extern "C" fn on_event(user_data: *mut c_void, event: *const sys::zimg_trace_event) {
    // A trace that fails costs the event and nothing else, in every language.
    let _ = guarded("the trace callback", || (*user_data.cast::<OnEvent>())(TraceEvent::of(event)));
}

struct OnHashing {
    function: Box<dyn Fn(u64, u64) + Send + Sync>,
    failure: Arc<Failure>,
}

unsafe extern "C" fn on_hashing(user_data: *mut c_void, done_bytes: u64, total_bytes: u64) {
    let callback = &*user_data.cast::<OnHashing>();
    callback.failure.guard("the hashing callback", (), || (callback.function)(done_bytes, total_bytes));
}

impl Options {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_options_create(out, error) })?;
        Ok(Self { raw: unsafe { RawOptions::own(raw) }, failure: Arc::default() })
    }

    /// The handle in C, for [`crate::sys`].
    pub fn as_ptr(&self) -> *mut sys::zimg_options {
        self.raw.as_ptr()
    }

    pub(crate) fn failure(&self) -> &Arc<Failure> {
        &self.failure
    }

    fn set(
        &mut self,
        set: impl FnOnce(*mut sys::zimg_options, *mut *mut sys::zimg_error) -> sys::zimg_status,
    ) -> Result<&mut Self> {
        check(|error| set(self.as_ptr(), error))?;
        Ok(self)
    }

    /// The cache to open where none is handed over, as [`CacheHandle::open`](crate::CacheHandle::open) reads it. One that
    /// cannot be opened is a warning in each report, unless it is required.
    pub fn set_cache_url(&mut self, url: &str) -> Result<&mut Self> {
        let (data, size) = parts!(url);
        self.set(|options, error| unsafe { sys::zimg_options_set_cache_url(options, data, size, error) })
    }

    pub fn set_requires_cache(&mut self, is_required: bool) -> Result<&mut Self> {
        let is_required = c_int::from(is_required);
        self.set(|options, error| unsafe { sys::zimg_options_set_requires_cache(options, is_required, error) })
    }

    /// A model folder; empty, as at first, is the built-in model.
    pub fn set_model(&mut self, path: impl AsRef<Path>) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        self.set(|options, error| unsafe { sys::zimg_options_set_model(options, data, size, error) })
    }

    /// [`Device::Auto`] at first.
    pub fn set_device(&mut self, device: Device) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_device(options, device.into_raw(), error) })
    }

    /// [`Precision::Auto`] at first.
    pub fn set_precision(&mut self, precision: Precision) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_precision(options, precision.into_raw(), error) })
    }

    /// CPU threads of a drawing, at most 1024; 0, as at first, is one per core.
    pub fn set_threads(&mut self, threads: u32) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_threads(options, threads, error) })
    }

    /// [`Fingerprint::Portable`] at first.
    pub fn set_fingerprint(&mut self, fingerprint: Fingerprint) -> Result<&mut Self> {
        let fingerprint = fingerprint.into_raw();
        self.set(|options, error| unsafe { sys::zimg_options_set_fingerprint(options, fingerprint, error) })
    }

    /// The engine module; empty: beside libzimg, in `../lib` from there, then the configured libdir.
    pub fn set_engine_path(&mut self, path: impl AsRef<Path>) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        self.set(|options, error| unsafe { sys::zimg_options_set_engine_path(options, data, size, error) })
    }

    /// A libtorch folder; empty: `$ZIMG_TORCH`, then the engine's own RUNPATH.
    pub fn set_torch_path(&mut self, path: impl AsRef<Path>) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        self.set(|options, error| unsafe { sys::zimg_options_set_torch_path(options, data, size, error) })
    }

    /// A file of words that mean the same, for [`MatchLevel::Loose`](crate::MatchLevel::Loose); empty is none.
    pub fn set_synonyms(&mut self, path: impl AsRef<Path>) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        self.set(|options, error| unsafe { sys::zimg_options_set_synonyms(options, data, size, error) })
    }

    /// The keys of the namespace become HMAC-SHA-256 under the secret. Never stored, never printed.
    pub fn add_namespace_secret(&mut self, name: &str, secret: &[u8]) -> Result<&mut Self> {
        let (data, size) = parts!(name);
        let (secret, secret_size) = parts!(secret);
        self.set(|options, error| unsafe {
            sys::zimg_options_add_namespace_secret(options, data, size, secret, secret_size, error)
        })
    }

    /// [`Kept::Lossless`] at first.
    pub fn set_kept(&mut self, kept: Kept) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_kept(options, kept.into_raw(), error) })
    }

    /// Drawings side by side, at least 1; more serves a [`Pipeline`].
    pub fn set_drawings_at_once(&mut self, drawings: u32) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_drawings_at_once(options, drawings, error) })
    }

    /// How long another process that draws an equal picture is waited for, in whole milliseconds, or three drawings if
    /// that is longer; 30 s at first.
    pub fn set_patience(&mut self, patience: Duration) -> Result<&mut Self> {
        let patience_ms = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
        self.set(|options, error| unsafe { sys::zimg_options_set_patience_ms(options, patience_ms, error) })
    }

    /// How many drawn pictures may wait to be written, at least 1; 16 at first.
    pub fn set_pending_stores(&mut self, stores: u32) -> Result<&mut Self> {
        self.set(|options, error| unsafe { sys::zimg_options_set_pending_stores(options, stores, error) })
    }

    /// A file of words, and what becomes of a prompt that holds one. [`KeywordAction::Tag`] takes a `tag`; the others an
    /// empty one.
    pub fn add_keywords(&mut self, path: impl AsRef<Path>, action: KeywordAction, tag: &str) -> Result<&mut Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        let (tag, tag_size) = parts!(tag);
        let action = action.into_raw();
        self.set(|options, error| unsafe {
            sys::zimg_options_add_keywords(options, data, size, action, tag, tag_size, error)
        })
    }

    /// Told what happens to each request, one event at a time for each but from several threads for several. Events hold
    /// the prompt only where `has_prompts` is set. A panic loses the event and nothing else.
    pub fn set_trace(
        &mut self,
        callback: impl Fn(&TraceEvent) + Send + Sync + 'static,
        has_prompts: bool,
    ) -> Result<&mut Self> {
        let callback: OnEvent = Box::new(callback);
        hand_over(callback, |data| {
            check(|error| unsafe {
                let drop_it = Some(release::<OnEvent> as unsafe extern "C" fn(*mut c_void));
                sys::zimg_options_set_trace(
                    self.as_ptr(),
                    Some(on_event),
                    data,
                    drop_it,
                    c_int::from(has_prompts),
                    error,
                )
            })
        })?;
        Ok(self)
    }

    /// Told bytes done and bytes in all while a model's files are hashed, once, which takes as long as reading them. After
    /// a panic the next call of the generator fails.
    pub fn set_hashing_progress(&mut self, callback: impl Fn(u64, u64) + Send + Sync + 'static) -> Result<&mut Self> {
        let kept = OnHashing { function: Box::new(callback), failure: self.failure.clone() };
        hand_over(kept, |data| {
            check(|error| unsafe {
                let drop_it = Some(release::<OnHashing> as unsafe extern "C" fn(*mut c_void));
                sys::zimg_options_set_hashing_progress(self.as_ptr(), Some(on_hashing), data, drop_it, error)
            })
        })?;
        Ok(self)
    }

    /// Draws with `pipeline` in place of the engine. `identity`, not empty, stands for engine and precision in the key.
    pub fn set_pipeline<P: Pipeline>(&mut self, pipeline: P, identity: &str) -> Result<&mut Self> {
        crate::foreign_pipeline::set(self.as_ptr(), pipeline, identity)?;
        Ok(self)
    }
}
