//! With the built-in model and the real engine.

mod common;

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::Arc;

use common::*;
use zimg::*;

fn options() -> Options {
    let mut options = Options::new().unwrap();
    options.set_device(Device::Cpu).unwrap().set_precision(Precision::Fp32).unwrap().set_threads(2).unwrap();
    options
}

#[test]
fn the_built_in_model_draws_once() {
    assert!(has_feature(Feature::Engine));
    assert!(locate_engine(None).unwrap().exists());
    let cache = memory();
    let generator = Generator::new(&options(), Some(&cache)).unwrap();
    let steps = Arc::new(AtomicU32::new(0));
    let told = steps.clone();
    let mut asked = Request::new("a red circle").unwrap();
    asked.set_preview(true).unwrap();
    asked.set_progress(move |progress| told.store(progress.step(), SeqCst)).unwrap();
    let drawn = generator.generate(&asked).unwrap();
    assert_eq!(drawn.report().outcome(), Outcome::Drawn);
    assert_eq!(drawn.report().warnings().collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(steps.load(SeqCst), drawn.report().steps());
    generator.drain().unwrap();
    let other = Generator::new(&options(), Some(&cache)).unwrap();
    let found = other.generate(&asked).unwrap();
    assert!(found.report().is_hit());
    assert_eq!(found.bytes(), drawn.bytes());
    let picture = Picture::decode(drawn.bytes()).unwrap();
    let middle = ((picture.height() / 2 * picture.width() + picture.width() / 2) * 3) as usize;
    let (red, green) = (picture.rgb()[middle], picture.rgb()[middle + 1]);
    assert!(red > 128 && green < 128, "the middle of a red circle is red, not {red} {green}");
}

#[test]
fn a_drawing_of_the_engine_is_cancelled() {
    let generator = Generator::new(&options(), None).unwrap();
    let token = CancelToken::new().unwrap();
    let mut asked = Request::new("a blue square").unwrap();
    asked.set_cancel_token(&token).unwrap().set_steps(500).unwrap();
    asked
        .set_progress(move |progress| {
            if progress.step() == 1 {
                token.cancel()
            }
        })
        .unwrap();
    refused(Status::Cancelled, generator.generate(&asked));
}
