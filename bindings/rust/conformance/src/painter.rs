//! The pipeline of the suite.

use zimg::{Drawing, Error, Picture, PictureView, Pipeline, Result, Status};

pub enum Painter {
    Paints,
    Fails,
    Lies,
}

impl Painter {
    pub fn of(name: &str) -> Self {
        match name {
            "paints" => Self::Paints,
            "fails" => Self::Fails,
            "lies" => Self::Lies,
            other => panic!("the pipeline '{other}' is not known"),
        }
    }
}

fn octets_of(text: &str) -> u32 {
    text.bytes().map(u32::from).sum()
}

fn mixture(drawing: &Drawing) -> u32 {
    (17u32.wrapping_mul(drawing.seed()))
        .wrapping_add(octets_of(drawing.prompt()))
        .wrapping_add(3 * octets_of(drawing.negative_prompt()))
        .wrapping_add(7 * drawing.sigmas().len() as u32)
        .wrapping_add((16.0 * drawing.guidance()) as u32)
        .wrapping_add((32.0 * drawing.guidance_normalization()) as u32)
        .wrapping_add((64.0 * drawing.guidance_truncation()) as u32)
        .wrapping_add(if drawing.is_vae_tiled() { 5 } else { 0 })
}

impl Pipeline for Painter {
    fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()> {
        if matches!(self, Self::Fails) {
            return Err(Error::new(Status::Device, "the painter has no paint"));
        }
        let steps = drawing.sigmas().len() as u32;
        let mut preview = Picture::new()?;
        preview.set_rgb(2, 1, &[1, 2, 3, 4, 5, 6])?;
        for step in 0..=steps {
            if drawing.is_cancelled() {
                return Err(Error::new(Status::Cancelled, "the drawing was cancelled"));
            }
            drawing.report_progress(step, steps, drawing.wants_preview().then_some(&preview))?;
        }
        let width = drawing.width() + u32::from(matches!(self, Self::Lies));
        let mixture = mixture(drawing);
        let octet = |i: u32| mixture.wrapping_add(31 * i).wrapping_add(i / width) as u8;
        let rgb: Vec<u8> = (0..width * drawing.height() * 3).map(octet).collect();
        picture.set_rgb(width, drawing.height(), &rgb)
    }
}
