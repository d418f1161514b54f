use std::ptr;
use std::sync::Arc;

use crate::callback::Failure;
use crate::error::{check, made};
use crate::text::text_of;
use crate::{sys, CacheHandle, Delivered, DrawingFuture, Job, Key, KeyField, Metrics, Options, Request, Result};

handle! {
    RawGenerator, zimg_generator, zimg_generator_destroy
}

/// Answers requests. Any threads may use one at once. Dropping it waits for what it has still to store.
#[derive(Debug)]
pub struct Generator {
    raw: RawGenerator,
    failure: Arc<Failure>,
}

impl Generator {
    /// Reads the model's configs. Weights stay unopened until something must be drawn, the engine as well, or until the
    /// first key on a machine with these options, environment and libtorch. Without a `cache` it opens the one that the
    /// options name, if they name one.
    pub fn new(options: &Options, cache: Option<&CacheHandle>) -> Result<Self> {
        let cache = cache.map_or(ptr::null_mut(), CacheHandle::as_ptr);
        let made_by =
            |out: *mut _, error: *mut _| unsafe { sys::zimg_generator_create(options.as_ptr(), cache, out, error) };
        let raw = made(made_by)?;
        let generator = Self { raw: unsafe { RawGenerator::own(raw) }, failure: options.failure().clone() };
        generator.failure.check(Ok(()))?;
        Ok(generator)
    }

    /// The handle in C, for [`crate::sys`].
    pub fn as_ptr(&self) -> *mut sys::zimg_generator {
        self.raw.as_ptr()
    }

    pub(crate) fn failure(&self) -> &Arc<Failure> {
        &self.failure
    }

    /// Blocks until the picture is there.
    pub fn generate(&self, request: &Request) -> Result<Delivered> {
        let failure = Arc::default();
        let result = request.with(&failure, |request| {
            let raw = made(|out, error| unsafe { sys::zimg_generator_generate(self.as_ptr(), request, out, error) })?;
            Ok(unsafe { Delivered::own(raw) })
        });
        self.failure.check(failure.check(result))
    }

    /// A job that answers a copy of `request` on a thread of its own once it is started.
    pub fn job(&self, request: &Request) -> Result<Job> {
        Job::new(self, request)
    }

    /// Starts drawing and gives a future of the picture, for any executor. Dropping it cancels and waits.
    pub fn generate_async(&self, request: &Request) -> Result<DrawingFuture> {
        DrawingFuture::new(self.job(request)?)
    }

    /// The picture key, without drawing. The first on a machine with these options, environment and libtorch opens the
    /// engine, to learn its profile.
    pub fn key(&self, request: &Request) -> Result<Key> {
        let mut key = sys::zimg_key { bytes: [0; 32] };
        let result =
            check(|error| unsafe { sys::zimg_generator_key(self.as_ptr(), request.as_ptr(), &mut key, error) });
        self.failure.check(result)?;
        Ok(key.into())
    }

    /// What the key is made of, field by field.
    pub fn explain_key(&self, request: &Request) -> Result<Vec<KeyField>> {
        let result =
            made(|out, error| unsafe { sys::zimg_generator_explain_key(self.as_ptr(), request.as_ptr(), out, error) });
        let fields = result.map(|raw| unsafe { crate::key::take_fields(raw) });
        self.failure.check(fields)
    }

    /// What this generator has counted and timed.
    pub fn metrics(&self) -> Result<Metrics> {
        let raw = made(|out, error| unsafe { sys::zimg_generator_metrics(self.as_ptr(), out, error) })?;
        Ok(unsafe { Metrics::own(raw) })
    }

    /// Waits until every pending store has committed or failed.
    pub fn drain(&self) -> Result<()> {
        check(|error| unsafe { sys::zimg_generator_drain(self.as_ptr(), error) })
    }

    pub fn model_name(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_generator_model_name(self.as_ptr(), size)) }
    }

    pub fn is_builtin_model(&self) -> bool {
        unsafe { sys::zimg_generator_is_builtin_model(self.as_ptr()) != 0 }
    }
}
