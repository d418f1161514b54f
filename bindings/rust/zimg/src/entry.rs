//! An encoded picture and the facts beside it.

use std::ops::Deref;
use std::os::raw::c_int;

use crate::error::{check, made};
use crate::text::{bytes_of, parts, text_of};
use crate::{sys, ImageFormat, Result};

view! {
    /// An encoded picture and the facts beside it, to read.
    EntryView, zimg_entry
}

impl EntryView {
    /// The encoded picture; `None` where the payload was not read.
    pub fn payload(&self) -> Option<&[u8]> {
        let mut size = 0;
        let data = unsafe { sys::zimg_entry_payload(self.as_ptr(), &mut size) };
        (!data.is_null()).then(|| unsafe { std::slice::from_raw_parts(data, size) })
    }

    pub fn format(&self) -> ImageFormat {
        ImageFormat::from_raw(unsafe { sys::zimg_entry_format(self.as_ptr()) })
    }

    pub fn width(&self) -> u32 {
        unsafe { sys::zimg_entry_width(self.as_ptr()) }
    }

    pub fn height(&self) -> u32 {
        unsafe { sys::zimg_entry_height(self.as_ptr()) }
    }

    pub fn seed(&self) -> u32 {
        unsafe { sys::zimg_entry_seed(self.as_ptr()) }
    }

    pub fn steps(&self) -> u32 {
        unsafe { sys::zimg_entry_steps(self.as_ptr()) }
    }

    pub fn guidance(&self) -> f64 {
        unsafe { sys::zimg_entry_guidance(self.as_ptr()) }
    }

    /// Milliseconds that drawing it again would cost.
    pub fn draw_ms(&self) -> f64 {
        unsafe { sys::zimg_entry_draw_ms(self.as_ptr()) }
    }

    /// Unix time in milliseconds.
    pub fn stored_at_ms(&self) -> i64 {
        unsafe { sys::zimg_entry_stored_at_ms(self.as_ptr()) }
    }

    /// Unix time in milliseconds; 0 is never.
    pub fn expires_at_ms(&self) -> i64 {
        unsafe { sys::zimg_entry_expires_at_ms(self.as_ptr()) }
    }

    pub fn namespace(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_entry_namespace(self.as_ptr(), size)) }
    }

    pub fn model(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_entry_model(self.as_ptr(), size)) }
    }

    pub fn tag(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_entry_tag(self.as_ptr(), size)) }
    }

    pub fn is_pinned(&self) -> bool {
        unsafe { sys::zimg_entry_is_pinned(self.as_ptr()) != 0 }
    }

    pub fn payload_sha256(&self) -> &[u8; 32] {
        unsafe { &*sys::zimg_entry_payload_sha256(self.as_ptr()).cast() }
    }

    /// A copy of all of it, which shares the payload.
    pub fn try_clone(&self) -> Result<Entry> {
        let raw = made(|out, error| unsafe { sys::zimg_entry_clone(self.as_ptr(), out, error) })?;
        Ok(unsafe { Entry::own(raw) })
    }

    /// Makes this entry one with `other`: payload and every fact. For [`Cache::find`](crate::Cache::find).
    pub fn assign(&mut self, other: &EntryView) -> Result<()> {
        if let Some(payload) = other.payload() {
            self.set_payload(payload)?;
        }
        self.set_format(other.format())?;
        self.set_size(other.width(), other.height())?;
        self.set_seed(other.seed())?;
        self.set_steps(other.steps())?;
        self.set_guidance(other.guidance())?;
        self.set_draw_ms(other.draw_ms())?;
        self.set_stored_at_ms(other.stored_at_ms())?;
        self.set_expires_at_ms(other.expires_at_ms())?;
        self.set_namespace(other.namespace())?;
        self.set_model(other.model())?;
        self.set_tag(other.tag())?;
        self.set_pinned(other.is_pinned())?;
        self.set_payload_sha256(other.payload_sha256())
    }

    fn as_mut(&mut self) -> *mut sys::zimg_entry {
        (self as *mut Self).cast()
    }

    /// The encoded picture, copied.
    pub fn set_payload(&mut self, payload: &[u8]) -> Result<()> {
        let (data, size) = parts!(payload);
        check(|error| unsafe { sys::zimg_entry_set_payload(self.as_mut(), data, size, error) })
    }

    pub fn set_format(&mut self, format: ImageFormat) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_format(self.as_mut(), format.into_raw(), error) })
    }

    pub fn set_size(&mut self, width: u32, height: u32) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_size(self.as_mut(), width, height, error) })
    }

    pub fn set_seed(&mut self, seed: u32) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_seed(self.as_mut(), seed, error) })
    }

    pub fn set_steps(&mut self, steps: u32) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_steps(self.as_mut(), steps, error) })
    }

    pub fn set_guidance(&mut self, guidance: f64) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_guidance(self.as_mut(), guidance, error) })
    }

    /// Milliseconds that drawing it again would cost.
    pub fn set_draw_ms(&mut self, draw_ms: f64) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_draw_ms(self.as_mut(), draw_ms, error) })
    }

    /// Unix time in milliseconds; 0, as at first, lets the cache set it.
    pub fn set_stored_at_ms(&mut self, time_ms: i64) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_stored_at_ms(self.as_mut(), time_ms, error) })
    }

    /// Unix time in milliseconds; 0, as at first, is never.
    pub fn set_expires_at_ms(&mut self, time_ms: i64) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_expires_at_ms(self.as_mut(), time_ms, error) })
    }

    /// At most 64 bytes; a store refuses more.
    pub fn set_namespace(&mut self, name: &str) -> Result<()> {
        let (data, size) = parts!(name);
        check(|error| unsafe { sys::zimg_entry_set_namespace(self.as_mut(), data, size, error) })
    }

    /// At most 255 bytes; a store refuses more.
    pub fn set_model(&mut self, name: &str) -> Result<()> {
        let (data, size) = parts!(name);
        check(|error| unsafe { sys::zimg_entry_set_model(self.as_mut(), data, size, error) })
    }

    /// At most 255 bytes; a store refuses more.
    pub fn set_tag(&mut self, tag: &str) -> Result<()> {
        let (data, size) = parts!(tag);
        check(|error| unsafe { sys::zimg_entry_set_tag(self.as_mut(), data, size, error) })
    }

    pub fn set_pinned(&mut self, is_pinned: bool) -> Result<()> {
        check(|error| unsafe { sys::zimg_entry_set_pinned(self.as_mut(), c_int::from(is_pinned), error) })
    }

    /// The SHA-256 of the payload; all zero, as at first, lets the cache compute it.
    pub fn set_payload_sha256(&mut self, digest: &[u8; 32]) -> Result<()> {
        let (data, size) = parts!(digest);
        check(|error| unsafe { sys::zimg_entry_set_payload_sha256(self.as_mut(), data, size, error) })
    }

    /// For a callback that fills an entry.
    pub(crate) unsafe fn of_mut<'a>(raw: *mut sys::zimg_entry) -> &'a mut Self {
        &mut *raw.cast()
    }
}

handle! {
    /// An entry of one's own: an [`EntryView`] that is owned.
    Entry, zimg_entry, zimg_entry_destroy
}

impl Entry {
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_entry_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }
}

impl Deref for Entry {
    type Target = EntryView;

    fn deref(&self) -> &EntryView {
        unsafe { EntryView::of(Entry::as_ptr(self)) }
    }
}

impl std::ops::DerefMut for Entry {
    fn deref_mut(&mut self) -> &mut EntryView {
        unsafe { EntryView::of_mut(Entry::as_ptr(self)) }
    }
}

impl AsRef<[u8]> for EntryView {
    /// The payload; empty where it was not read.
    fn as_ref(&self) -> &[u8] {
        unsafe { bytes_of(|size| sys::zimg_entry_payload(self.as_ptr(), size)) }
    }
}
