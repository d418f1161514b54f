//! What the tests share: a pipeline in Rust that draws without a model, and small requests.

#![allow(dead_code)] // each test file is a program of its own and uses its part

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use zimg::{
    Cache, CacheHandle, Drawing, Entry, EntryView, Error, Generator, Key, Options, Picture, PictureView, Pipeline,
    Request, Result, Status, StoreOutcome, Visitor,
};

/// What a [`Painter`] does on the way, and what it has seen.
#[derive(Default)]
pub struct Canvas {
    pub drawings: AtomicUsize,
    pub drops: AtomicUsize,
    pub steps: AtomicU32,
    pub is_shut: AtomicBool,
    pub waiting: AtomicUsize,
    pub panics: AtomicBool,
    pub wider_by: AtomicU32,
}

/// Draws without a model: pixels of the seed and the prompt. While it is shut, it waits, until it is cancelled.
pub struct Painter(pub Arc<Canvas>);

impl Drop for Painter {
    fn drop(&mut self) {
        self.0.drops.fetch_add(1, Ordering::SeqCst);
    }
}

impl Pipeline for Painter {
    fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()> {
        let canvas = &self.0;
        canvas.drawings.fetch_add(1, Ordering::SeqCst);
        assert!(!canvas.panics.load(Ordering::SeqCst), "out of paint");
        canvas.waiting.fetch_add(1, Ordering::SeqCst);
        while canvas.is_shut.load(Ordering::SeqCst) && !drawing.is_cancelled() {
            sleep(Duration::from_millis(1));
        }
        canvas.waiting.fetch_sub(1, Ordering::SeqCst);
        let steps = canvas.steps.load(Ordering::SeqCst);
        for step in 0..=steps {
            if drawing.is_cancelled() {
                return Err(Error::new(Status::Cancelled, "the painter was told to stop"));
            }
            if steps > 0 {
                let mut preview = Picture::new()?;
                preview.set_rgb(8, 4, &pixels(8, 4, step, ""))?;
                drawing.report_progress(step, steps, drawing.wants_preview().then_some(&preview))?;
            }
        }
        let (width, height) = (drawing.width() + canvas.wider_by.load(Ordering::SeqCst), drawing.height());
        picture.set_stage_ms(zimg::Stage::Denoise, 12.5)?;
        picture.set_rgb(width, height, &pixels(width, height, drawing.seed(), drawing.prompt()))
    }
}

pub fn pixels(width: u32, height: u32, seed: u32, prompt: &str) -> Vec<u8> {
    let salt = prompt.bytes().fold(seed | 1, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)) | 1);
    (0..width * height * 3).map(|i| (i.wrapping_mul(salt) >> 3) as u8).collect()
}

pub fn painter() -> (Arc<Canvas>, Options) {
    let canvas = Arc::new(Canvas::default());
    let mut options = Options::new().unwrap();
    options.set_pipeline(Painter(canvas.clone()), "painter 1").unwrap();
    (canvas, options)
}

pub fn generator_with(cache: Option<&CacheHandle>) -> (Arc<Canvas>, Generator) {
    let (canvas, options) = painter();
    (canvas, Generator::new(&options, cache).unwrap())
}

pub fn memory() -> CacheHandle {
    CacheHandle::memory(64 << 20, None).unwrap()
}

/// A small request.
pub fn request(prompt: &str) -> Request {
    let mut request = Request::new(prompt).unwrap();
    request.set_size(64, 64).unwrap();
    request
}

/// The error that `result` is; its status is `expected`.
pub fn refused<T>(expected: Status, result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("{expected:?} was expected"),
        Err(error) => {
            assert_eq!(error.status(), expected, "{error}");
            assert!(!error.message().is_empty());
            error
        }
    }
}

pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        sleep(Duration::from_millis(1));
    }
}

/// A folder of one test, gone with it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("zimg-rust-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A cache in Rust that can be told to fail, to lie, to panic and to wait.
#[derive(Default)]
pub struct Shelf {
    pub entries: Mutex<BTreeMap<Key, Entry>>,
    pub fails: AtomicBool,
    pub panics: AtomicBool,
    pub lies: AtomicBool,
    pub is_shut: AtomicBool,
    pub waiting: AtomicUsize,
    pub drops: AtomicUsize,
}

/// A [`Shelf`] as a cache; `FULL` has every function, else only those that a cache must have.
pub struct OnShelf<const FULL: bool>(pub Arc<Shelf>);

impl<const FULL: bool> Drop for OnShelf<FULL> {
    fn drop(&mut self) {
        self.0.drops.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shelf {
    fn check(&self) -> Result<()> {
        assert!(!self.panics.load(Ordering::SeqCst), "the shelf fell down");
        self.waiting.fetch_add(1, Ordering::SeqCst);
        while self.is_shut.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(1));
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        match self.fails.load(Ordering::SeqCst) {
            true => Err(Error::new(Status::Cache, "the shelf is locked")),
            false => Ok(()),
        }
    }
}

impl<const FULL: bool> Cache for OnShelf<FULL> {
    const LISTS: bool = FULL;
    const CONTAINS: bool = FULL;
    const PINS: bool = FULL;
    const COUNTS: bool = FULL;

    fn find(&self, key: &Key, entry: &mut EntryView) -> Result<bool> {
        self.0.check()?;
        let entries = self.0.entries.lock().unwrap();
        let found: &EntryView = match entries.get(key) {
            Some(found) => found,
            None => return Ok(false),
        };
        entry.assign(found)?;
        if self.0.lies.load(Ordering::SeqCst) {
            entry.set_payload(&found.payload().unwrap()[..10])?; // of another size than its digest is of
        }
        Ok(true)
    }

    fn store(&self, key: &Key, entry: &EntryView) -> Result<StoreOutcome> {
        self.0.check()?;
        self.0.entries.lock().unwrap().insert(*key, entry.try_clone()?);
        Ok(StoreOutcome::Stored)
    }

    fn erase(&self, key: &Key) -> Result<bool> {
        self.0.check()?;
        Ok(self.0.entries.lock().unwrap().remove(key).is_some())
    }

    fn list(&self, visit: &mut Visitor<'_>) -> Result<()> {
        self.0.check()?;
        // A copy, since the visitor may call the cache.
        let copy = |(key, entry): (&Key, &Entry)| Ok((*key, entry.try_clone()?));
        let entries: Vec<(Key, Entry)> = self.0.entries.lock().unwrap().iter().map(copy).collect::<Result<_>>()?;
        for (key, entry) in &entries {
            if !visit.visit(key, entry, entry.payload().map_or(0, |payload| payload.len() as u64)) {
                break;
            }
        }
        Ok(())
    }

    fn contains(&self, key: &Key) -> Result<bool> {
        self.0.check()?;
        Ok(self.0.entries.lock().unwrap().contains_key(key))
    }

    fn pin(&self, key: &Key, is_pinned: bool) -> Result<bool> {
        match self.0.entries.lock().unwrap().get_mut(key) {
            Some(entry) => entry.set_pinned(is_pinned).map(|()| true),
            None => Ok(false),
        }
    }

    fn stats(&self) -> Result<Vec<(zimg::Count, u64)>> {
        Ok(vec![(zimg::Count::Entries, self.0.entries.lock().unwrap().len() as u64)])
    }
}
