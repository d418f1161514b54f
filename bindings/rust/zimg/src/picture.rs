//! Pixels, and what picture files say about themselves.

use std::ops::{Deref, DerefMut};

use crate::error::{check, made};
use crate::text::{bytes_of, copy_of, parts};
use crate::{sys, ImageFormat, Result, Stage};

view! {
    /// Pixels: interleaved 8-bit RGB, rows from the top.
    PictureView, zimg_picture
}

impl PictureView {
    fn as_mut(&mut self) -> *mut sys::zimg_picture {
        (self as *mut Self).cast()
    }

    /// Copies the pixels; `rgb` has width * height * 3 bytes.
    pub fn set_rgb(&mut self, width: u32, height: u32, rgb: &[u8]) -> Result<()> {
        let (data, size) = parts!(rgb);
        check(|error| unsafe { sys::zimg_picture_set_rgb(self.as_mut(), width, height, data, size, error) })
    }

    /// For reports: how long drawing it took, of `Wait Load EncodeText Denoise Decode`.
    pub fn set_stage_ms(&mut self, stage: Stage, ms: f64) -> Result<()> {
        check(|error| unsafe { sys::zimg_picture_set_stage_ms(self.as_mut(), stage.into_raw(), ms, error) })
    }

    pub fn width(&self) -> u32 {
        unsafe { sys::zimg_picture_width(self.as_ptr()) }
    }

    pub fn height(&self) -> u32 {
        unsafe { sys::zimg_picture_height(self.as_ptr()) }
    }

    pub fn rgb(&self) -> &[u8] {
        unsafe { bytes_of(|size| sys::zimg_picture_rgb(self.as_ptr(), size)) }
    }

    /// For a callback that fills a picture.
    pub(crate) unsafe fn of_mut<'a>(raw: *mut sys::zimg_picture) -> &'a mut Self {
        &mut *raw.cast()
    }
}

handle! {
    /// A picture of one's own: a [`PictureView`] that is owned.
    Picture, zimg_picture, zimg_picture_destroy
}

impl Picture {
    /// An empty one.
    pub fn new() -> Result<Self> {
        let raw = made(|out, error| unsafe { sys::zimg_picture_create(out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// The pixels of a PNG or a JPEG; what is transparent in it is laid on white.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let (data, size) = parts!(bytes);
        let raw = made(|out, error| unsafe { sys::zimg_picture_decode(data, size, out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }
}

impl Deref for Picture {
    type Target = PictureView;

    fn deref(&self) -> &PictureView {
        unsafe { PictureView::of(Picture::as_ptr(self)) }
    }
}

impl DerefMut for Picture {
    fn deref_mut(&mut self) -> &mut PictureView {
        unsafe { PictureView::of_mut(Picture::as_ptr(self)) }
    }
}

/// What a PNG or JPEG says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// Keyword and text of its text chunks, in file order: "parameters" (as A1111 writes it), "zimg" (JSON), any other.
    pub texts: Vec<(String, String)>,
}

impl PictureFacts {
    /// Reads them without decoding the picture.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (data, size) = parts!(bytes);
        let facts = made(|out, error| unsafe { sys::zimg_picture_facts_read(data, size, out, error) })?;
        unsafe {
            let text = |index| {
                let keyword = copy_of(|size| sys::zimg_picture_facts_keyword(facts, index, size));
                (keyword, copy_of(|size| sys::zimg_picture_facts_text(facts, index, size)))
            };
            let copy = Self {
                format: ImageFormat::from_raw(sys::zimg_picture_facts_format(facts)),
                width: sys::zimg_picture_facts_width(facts),
                height: sys::zimg_picture_facts_height(facts),
                texts: (0..sys::zimg_picture_facts_text_count(facts)).map(text).collect(),
            };
            sys::zimg_picture_facts_destroy(facts);
            Ok(copy)
        }
    }
}
