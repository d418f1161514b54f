//! A pipeline of one's own.

use std::mem::size_of;
use std::os::raw::c_void;
use std::ptr;

use crate::callback::{guarded, hand_over, release};
use crate::error::check;
use crate::text::{bytes_of, parts, text_of};
use crate::{sys, Picture, PictureView, Result};

/// Draws in place of the engine, for [`Options::set_pipeline`](crate::Options::set_pipeline). A panic is the error
/// [`Status::Internal`](crate::Status::Internal) of the request.
pub trait Pipeline: Send + Sync + 'static {
    /// Draws what `drawing` orders into `picture`, by [`PictureView::set_rgb`], in the size that was ordered. Equal orders give
    /// equal pixels. Called from any thread. Asks [`Drawing::is_cancelled`] now and then and gives
    /// [`Status::Cancelled`](crate::Status::Cancelled) then.
    fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()>;
}

view! {
    /// What a pipeline is to draw.
    Drawing, zimg_drawing
}

impl Drawing {
    pub fn prompt(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_drawing_prompt(self.as_ptr(), size)) }
    }

    /// Empty where guidance is 0.
    pub fn negative_prompt(&self) -> &str {
        unsafe { text_of(|size| sys::zimg_drawing_negative_prompt(self.as_ptr(), size)) }
    }

    pub fn width(&self) -> u32 {
        unsafe { sys::zimg_drawing_width(self.as_ptr()) }
    }

    pub fn height(&self) -> u32 {
        unsafe { sys::zimg_drawing_height(self.as_ptr()) }
    }

    /// Noise levels of the steps, descending from at most 1; the closing 0 is implied.
    pub fn sigmas(&self) -> &[f32] {
        unsafe { bytes_of(|count| sys::zimg_drawing_sigmas(self.as_ptr(), count)) }
    }

    pub fn guidance(&self) -> f32 {
        unsafe { sys::zimg_drawing_guidance(self.as_ptr()) }
    }

    pub fn guidance_normalization(&self) -> f32 {
        unsafe { sys::zimg_drawing_guidance_normalization(self.as_ptr()) }
    }

    pub fn guidance_truncation(&self) -> f32 {
        unsafe { sys::zimg_drawing_guidance_truncation(self.as_ptr()) }
    }

    pub fn seed(&self) -> u32 {
        unsafe { sys::zimg_drawing_seed(self.as_ptr()) }
    }

    pub fn is_vae_tiled(&self) -> bool {
        unsafe { sys::zimg_drawing_is_vae_tiled(self.as_ptr()) != 0 }
    }

    pub fn wants_preview(&self) -> bool {
        unsafe { sys::zimg_drawing_wants_preview(self.as_ptr()) != 0 }
    }

    pub fn is_cancelled(&self) -> bool {
        unsafe { sys::zimg_drawing_is_cancelled(self.as_ptr()) != 0 }
    }

    /// Tells those who wait.
    pub fn report_progress(&self, step: u32, steps: u32, preview: Option<&Picture>) -> Result<()> {
        let preview = preview.map_or(ptr::null(), |picture| picture.as_ptr() as *const _);
        check(|error| unsafe { sys::zimg_drawing_report_progress(self.as_ptr(), step, steps, preview, error) })
    }
}

unsafe extern "C" fn draw<P: Pipeline>(
    user_data: *mut c_void,
    drawing: *const sys::zimg_drawing,
    out_picture: *mut sys::zimg_picture,
    out_error: *mut *mut sys::zimg_error,
) -> sys::zimg_status {
    let pipeline = &*user_data.cast::<P>();
    let drawn =
        guarded("the pipeline's draw", || pipeline.draw(Drawing::of(drawing), PictureView::of_mut(out_picture)));
    match drawn.and_then(|result| result) {
        Ok(()) => sys::ZIMG_STATUS_OK,
        Err(error) => error.give(out_error),
    }
}

pub(crate) fn set<P: Pipeline>(options: *mut sys::zimg_options, pipeline: P, identity: &str) -> Result<()> {
    let vtable = sys::zimg_pipeline_vtable {
        struct_size: size_of::<sys::zimg_pipeline_vtable>(),
        draw: Some(draw::<P>),
        release: Some(release::<P>),
    };
    let (data, size) = parts!(identity);
    hand_over(pipeline, |user_data| {
        check(|error| unsafe { sys::zimg_options_set_pipeline(options, &vtable, user_data, data, size, error) })
    })
}
