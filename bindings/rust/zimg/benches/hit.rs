//! How long a hit of about 20 kB takes: through the C API alone, and through this crate. Run by `cargo bench`.

use std::ptr;
use std::time::Instant;

use zimg::{sys, CacheHandle, Drawing, Generator, Options, PictureView, Pipeline, Request, Result};

/// Noise, whose PNG has about 20 kB.
struct Noise;

impl Pipeline for Noise {
    fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()> {
        let mut state = 1u32;
        let size = (drawing.width() * drawing.height() * 3) as usize;
        let rgb: Vec<u8> = (0..size)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        picture.set_rgb(drawing.width(), drawing.height(), &rgb)
    }
}

/// Microseconds of one call, the least of `rounds` means over `calls`.
fn least_us(rounds: usize, calls: u32, mut call: impl FnMut()) -> f64 {
    let mean = |call: &mut dyn FnMut()| {
        let begin = Instant::now();
        (0..calls).for_each(|_| call());
        begin.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
    };
    (0..rounds).map(|_| mean(&mut call)).fold(f64::INFINITY, f64::min)
}

unsafe fn c_hit(generator: *mut sys::zimg_generator, request: *const sys::zimg_request) -> usize {
    let mut result = ptr::null_mut();
    let status = sys::zimg_generator_generate(generator, request, &mut result, ptr::null_mut());
    assert_eq!(status, sys::ZIMG_STATUS_OK);
    let mut size = 0;
    let bytes = sys::zimg_result_bytes(result, &mut size);
    assert!(!bytes.is_null() && sys::zimg_report_is_hit(sys::zimg_result_report(result)) != 0);
    sys::zimg_result_destroy(result);
    size
}

fn main() -> Result<()> {
    let mut options = Options::new()?;
    options.set_pipeline(Noise, "noise")?;
    let generator = Generator::new(&options, Some(&CacheHandle::memory(1 << 24, None)?))?;
    let mut request = Request::new("noise")?;
    request.set_size(96, 64)?;
    let size = generator.generate(&request)?.bytes().len();
    generator.drain()?;

    let (mut c, mut rust) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..20 {
        c = c.min(least_us(1, 2000, || {
            assert_eq!(unsafe { c_hit(generator.as_ptr(), request.as_ptr()) }, size);
        }));
        rust = rust.min(least_us(1, 2000, || {
            let found = generator.generate(&request).expect("a hit");
            assert!(!found.bytes().is_empty() && found.report().is_hit());
        }));
    }
    println!("a hit of {size} bytes: C {c:.2} us, Rust {rust:.2} us, {:.2} us more", rust - c);
    Ok(())
}
