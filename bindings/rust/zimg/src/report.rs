//! Delivered pictures and their reports.

use std::ops::Deref;

use crate::error::{check, made};
use crate::text::{bytes_of, text_of};
use crate::{sys, ImageFormat, Key, Outcome, Result, Stage, Stored};

handle! {
    /// A delivered picture and its report.
    Delivered, zimg_result, zimg_result_destroy
}

impl Delivered {
    /// The encoded picture.
    pub fn bytes(&self) -> &[u8] {
        unsafe { bytes_of(|size| sys::zimg_result_bytes(self.as_ptr(), size)) }
    }

    /// The same octets, not copied, for longer than this value lives.
    pub fn share_bytes(&self) -> Result<SharedBytes> {
        let raw = made(|out, error| unsafe { sys::zimg_result_share_bytes(self.as_ptr(), out, error) })?;
        Ok(unsafe { SharedBytes::own(raw) })
    }

    /// Copies the encoded picture to the start of `buffer`, which is refused where it is too short.
    pub fn copy_bytes(&self, buffer: &mut [u8]) -> Result<()> {
        let (data, size) = (buffer.as_mut_ptr().cast(), buffer.len());
        check(|error| unsafe { sys::zimg_result_copy_bytes(self.as_ptr(), data, size, error) })
    }

    pub fn format(&self) -> ImageFormat {
        ImageFormat::from_raw(unsafe { sys::zimg_result_format(self.as_ptr()) })
    }

    pub fn width(&self) -> u32 {
        unsafe { sys::zimg_result_width(self.as_ptr()) }
    }

    pub fn height(&self) -> u32 {
        unsafe { sys::zimg_result_height(self.as_ptr()) }
    }

    /// How the picture came about.
    pub fn report(&self) -> &Report {
        unsafe { Report::of(sys::zimg_result_report(self.as_ptr())) }
    }

    /// Brings what the report says about storing up to date; final after [`Generator::drain`](crate::Generator::drain).
    pub fn refresh_stored(&mut self) -> Result<()> {
        check(|error| unsafe { sys::zimg_result_refresh_stored(self.as_ptr(), error) })
    }
}

handle! {
    /// Immutable octets, shared with whoever else holds them.
    SharedBytes, zimg_bytes, zimg_bytes_destroy
}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        unsafe { bytes_of(|size| sys::zimg_bytes_data(self.as_ptr(), size)) }
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

view! {
    /// How a picture came about.
    Report, zimg_report
}

impl Report {
    pub fn outcome(&self) -> Outcome {
        Outcome::from_raw(unsafe { sys::zimg_report_outcome(self.as_ptr()) })
    }

    pub fn is_hit(&self) -> bool {
        unsafe { sys::zimg_report_is_hit(self.as_ptr()) != 0 }
    }

    pub fn key(&self) -> Key {
        unsafe { *sys::zimg_report_key(self.as_ptr()) }.into()
    }

    pub fn stored(&self) -> Stored {
        Stored::from_raw(unsafe { sys::zimg_report_stored(self.as_ptr()) })
    }

    /// Why it was not stored, one sentence; empty otherwise.
    pub fn store_note(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_report_store_note(self.as_ptr(), size)) }
    }

    /// A cache that could not be used, a flat picture: one sentence each.
    pub fn warnings(&self) -> impl Iterator<Item = &str> + '_ {
        let count = unsafe { sys::zimg_report_warning_count(self.as_ptr()) };
        (0..count).map(|index| unsafe { text_of(|size| sys::zimg_report_warning(self.as_ptr(), index, size)) })
    }

    /// What was folded before key and model saw it, one phrase each.
    pub fn folded(&self) -> impl Iterator<Item = &str> + '_ {
        let count = unsafe { sys::zimg_report_folded_count(self.as_ptr()) };
        (0..count).map(|index| unsafe { text_of(|size| sys::zimg_report_folded(self.as_ptr(), index, size)) })
    }

    /// Tags of the keyword lists that tag.
    pub fn tags(&self) -> impl Iterator<Item = &str> + '_ {
        let count = unsafe { sys::zimg_report_tag_count(self.as_ptr()) };
        (0..count).map(|index| unsafe { text_of(|size| sys::zimg_report_tag(self.as_ptr(), index, size)) })
    }

    /// A hit made from the stored PNG.
    pub fn is_converted(&self) -> bool {
        unsafe { sys::zimg_report_is_converted(self.as_ptr()) != 0 }
    }

    /// A keyword list names a word of the prompt.
    pub fn is_filtered(&self) -> bool {
        unsafe { sys::zimg_report_is_filtered(self.as_ptr()) != 0 }
    }

    /// One colour: delivered, never stored.
    pub fn is_flat(&self) -> bool {
        unsafe { sys::zimg_report_is_flat(self.as_ptr()) != 0 }
    }

    /// As drawn.
    pub fn seed(&self) -> u32 {
        unsafe { sys::zimg_report_seed(self.as_ptr()) }
    }

    pub fn steps(&self) -> u32 {
        unsafe { sys::zimg_report_steps(self.as_ptr()) }
    }

    pub fn guidance(&self) -> f64 {
        unsafe { sys::zimg_report_guidance(self.as_ptr()) }
    }

    pub fn model(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_report_model(self.as_ptr(), size)) }
    }

    pub fn namespace(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_report_namespace(self.as_ptr(), size)) }
    }

    /// 64 hexadecimal digits, of the picture as stored, before parameters are spliced in.
    pub fn payload_sha256(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_report_payload_sha256(self.as_ptr(), size)) }
    }

    /// Milliseconds; 0 for a stage that did not run.
    pub fn stage_ms(&self, stage: Stage) -> f64 {
        unsafe { sys::zimg_report_stage_ms(self.as_ptr(), stage.into_raw()) }
    }
}
