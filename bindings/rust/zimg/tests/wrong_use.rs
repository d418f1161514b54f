//! What a caller may do wrong, and what callbacks may.

mod common;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, Weak};

use common::*;
use zimg::*;

#[test]
fn strings_with_nul_and_paths_that_are_no_utf_8_are_refused() {
    let mut asked = request("a");
    refused(Status::InvalidArgument, Request::new("a\0b"));
    refused(Status::InvalidArgument, asked.set_negative_prompt("a\0b").map(drop));
    refused(Status::InvalidArgument, asked.set_namespace("a\0b").map(drop));
    refused(Status::InvalidArgument, asked.set_tag("\0").map(drop));
    refused(Status::InvalidArgument, CacheHandle::open("memory:\0", None));
    let wrong = OsStr::from_bytes(b"/tmp/\xff\xfe");
    let mut options = Options::new().unwrap();
    refused(Status::InvalidArgument, options.set_model(wrong).map(drop));
    refused(Status::InvalidArgument, options.set_engine_path(wrong).map(drop));
    refused(Status::InvalidArgument, LmdbOptions::new().unwrap().set_path(wrong).map(drop));
    refused(Status::InvalidArgument, Inspection::of(wrong, false));
    refused(Status::InvalidArgument, export_bundle(&memory(), wrong, |_, _, _| true, |_| true));
}

#[test]
fn numbers_out_of_range_are_refused_by_the_generator() {
    let (_, generator) = generator_with(None);
    let ask = |change: &dyn Fn(&mut Request)| {
        let mut asked = request("a");
        change(&mut asked);
        generator.generate(&asked).map(drop)
    };
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_steps(1001).unwrap();
        }),
    );
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_guidance(f64::NAN).unwrap();
        }),
    );
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_size(63, 64).unwrap();
        }),
    );
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_namespace("no blanks").unwrap();
        }),
    );
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_size(60_000, 60_000).unwrap();
        }),
    ); // 10 GB of pixels
    refused(
        Status::InvalidArgument,
        ask(&|r| {
            r.set_prompt(&"a".repeat((1 << 20) + 1)).unwrap();
        }),
    );
    ask(&|_| ()).unwrap();
}

#[test]
fn no_cache_is_no_handle() {
    refused(Status::InvalidArgument, CacheHandle::open("none:", None));
    refused(Status::InvalidArgument, CacheHandle::open("no:such", None));
}

#[test]
fn a_pipeline_that_panics_or_paints_another_size_is_an_error_and_not_an_end() {
    let (canvas, generator) = generator_with(Some(&memory()));
    canvas.panics.store(true, SeqCst);
    let error = refused(Status::Internal, generator.generate(&request("a")));
    assert!(error.message().contains("out of paint"), "{error}");
    canvas.panics.store(false, SeqCst);
    canvas.wider_by.store(1, SeqCst);
    refused(Status::Device, generator.generate(&request("a")));
    canvas.wider_by.store(0, SeqCst);
    assert!(generator.generate(&request("a")).is_ok());
}

#[test]
fn a_pipeline_that_swaps_the_picture_it_fills_has_swapped_nothing() {
    struct Swapping;
    impl Pipeline for Swapping {
        fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()> {
            let (width, height) = (drawing.width(), drawing.height());
            let mut own = Picture::new()?;
            own.set_rgb(2, 1, &[1, 2, 3, 4, 5, 6])?;
            std::mem::swap(picture, &mut own);
            assert_eq!((own.width(), own.rgb()), (2, &[1, 2, 3, 4, 5, 6][..]));
            picture.set_rgb(width, height, &vec![9; (width * height * 3) as usize])
        }
    }
    let mut options = Options::new().unwrap();
    options.set_pipeline(Swapping, "swapping").unwrap();
    let drawn = Generator::new(&options, None).unwrap().generate(&request("a")).unwrap();
    assert!(Picture::decode(drawn.bytes()).unwrap().rgb().iter().all(|octet| *octet == 9));
}

#[test]
fn a_progress_callback_that_panics_fails_its_own_request() {
    let (canvas, generator) = generator_with(None);
    canvas.steps.store(3, SeqCst);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let mut asked = request("a");
    asked
        .set_progress(move |_| {
            counted.fetch_add(1, SeqCst);
            panic!("the bar broke at {}", 7);
        })
        .unwrap();
    let error = refused(Status::Internal, generator.generate(&asked));
    assert!(error.message().contains("the bar broke at 7"), "{error}");
    assert_eq!(calls.load(SeqCst), 1);
    let job = generator.job(&asked).unwrap();
    job.start().unwrap();
    job.wait().unwrap();
    for _ in 0..2 {
        let error = refused(Status::Internal, job.result()); // as often as one likes
        assert!(error.message().contains("the bar broke at 7"), "{error}");
    }
    assert!(generator.generate(&request("a")).is_ok());
}

#[test]
fn a_progress_callback_that_panics_fails_no_other_call_of_its_request() {
    let (canvas, generator) = generator_with(None);
    canvas.steps.store(3, SeqCst);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let mut asked = request("a");
    asked.set_progress(move |_| assert_ne!(counted.fetch_add(1, SeqCst), 0, "the bar broke")).unwrap();
    let jobs = [generator.job(&asked).unwrap(), generator.job(&asked.try_clone().unwrap()).unwrap()];
    for job in &jobs {
        job.start().unwrap();
        job.wait().unwrap();
    }
    assert_eq!(calls.load(SeqCst), 1 + 4);
    assert!(generator.generate(&asked).is_ok());
    assert_eq!(calls.load(SeqCst), 1 + 4 + 4);
    assert!(jobs[1].result().is_ok());
    refused(Status::Internal, jobs[0].result());
}

#[test]
fn a_callback_at_the_end_that_panics_fails_the_job() {
    let (_, generator) = generator_with(None);
    let job = generator.job(&request("a")).unwrap();
    job.set_done(|| panic!("the end")).unwrap();
    job.start().unwrap();
    job.wait().unwrap();
    // The job is done before its callback is called.
    until("the panic is told", || matches!(job.result(), Err(error) if error.message().contains("the end")));
    assert!(refused(Status::Internal, job.result()).message().contains("the end"));
}

#[test]
fn a_trace_a_clock_and_a_warning_that_panic_cost_nothing() {
    let (_, mut options) = painter();
    options.set_trace(|_| panic!("no trace"), false).unwrap();
    let mut policy = Policy::new().unwrap();
    policy.set_clock(|| panic!("no time")).unwrap().set_warning(|_| panic!("no warning")).unwrap();
    let cache = CacheHandle::memory(10_000, Some(&policy)).unwrap();
    let generator = Generator::new(&options, Some(&cache)).unwrap();
    let drawn = generator.generate(&request("a")).unwrap();
    generator.drain().unwrap();
    assert!(drawn.bytes().len() > 100);
}

#[test]
fn visitors_and_filters_that_panic_end_the_run() {
    let cache = memory();
    let (_, generator) = generator_with(Some(&cache));
    for prompt in ["a", "b"] {
        generator.generate(&request(prompt)).unwrap();
    }
    generator.drain().unwrap();
    let calls = AtomicUsize::new(0);
    let error = refused(
        Status::Internal,
        cache.list(|_, _, _| {
            calls.fetch_add(1, SeqCst);
            panic!("enough seen")
        }),
    );
    assert!(error.message().contains("enough seen"), "{error}");
    assert_eq!(calls.load(SeqCst), 1);
    refused(Status::Internal, cache.verify(|_| panic!("enough")));
    refused(Status::Internal, cache.erase_if(|_, _, _| panic!("enough")));
    let folder = Folder::new();
    refused(Status::Internal, export_bundle(&cache, folder.file("a"), |_, _, _| panic!("no"), |_| true));
    let mut prewarm = Prewarm::new().unwrap();
    prewarm.add(&request("c"), 0.0).unwrap();
    refused(Status::Internal, prewarm.run(&generator, |_| panic!("no")));
    assert_eq!(cache.stats().unwrap().count(Count::Entries), 2);
}

#[test]
fn a_value_that_panics_when_it_is_dropped_is_survived() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("boom");
        }
    }
    let armed = || {
        let bomb = Bomb;
        move |_: &Progress| {
            let _held = &bomb;
        }
    };
    let mut asked = request("a");
    asked.set_progress(armed()).unwrap();
    asked.set_progress(armed()).unwrap();
    asked.clear_progress().unwrap();
    asked.set_progress(armed()).unwrap();
    let copy = asked.try_clone().unwrap();
    drop(asked);
    let (_, generator) = generator_with(None);
    assert!(generator.generate(&copy).is_ok());
    let job = generator.job(&copy).unwrap();
    drop(copy);
    drop(job);
}

#[test]
fn a_callback_that_asks_its_own_generator_is_refused_and_another_one_answers() {
    let (canvas, generator) = generator_with(None);
    canvas.steps.store(1, SeqCst);
    let generator = Arc::new(generator);
    let (_, other) = generator_with(None);
    let own: Weak<Generator> = Arc::downgrade(&generator);
    let answers = Arc::new(Mutex::new(Vec::new()));
    let told = answers.clone();
    let mut asked = request("a");
    asked
        .set_progress(move |_| {
            let own = own.upgrade().unwrap();
            let ours = own.generate(&request("b")).map(drop).and(own.drain());
            told.lock().unwrap().push((ours, other.generate(&request("b")).map(|drawn| drawn.width())));
        })
        .unwrap();
    generator.generate(&asked).unwrap();
    for (ours, others) in answers.lock().unwrap().drain(..) {
        assert!(refused(Status::InvalidArgument, ours).message().contains("callback"));
        assert_eq!(others, Ok(64));
    }
}

#[test]
fn handles_are_dropped_in_any_order() {
    let cache = memory();
    let upper = memory();
    let tier = CacheHandle::tier(&upper, &cache).unwrap();
    let (canvas, options) = painter();
    let generator = Generator::new(&options, Some(&tier)).unwrap();
    drop((options, cache, upper, tier));
    let job = generator.job(&request("a")).unwrap();
    job.start().unwrap();
    job.wait().unwrap();
    let delivered = job.result().unwrap();
    drop((generator, job));
    assert_eq!(delivered.report().outcome(), Outcome::Drawn);
    until("the pipeline is dropped", || canvas.drops.load(SeqCst) == 1);
}

#[test]
fn a_pipeline_without_an_identity_is_refused_and_dropped() {
    let canvas = Arc::new(Canvas::default());
    refused(Status::InvalidArgument, Options::new().unwrap().set_pipeline(Painter(canvas.clone()), "").map(drop));
    assert_eq!(canvas.drops.load(SeqCst), 1);
}

extern "C" {
    fn fork() -> i32;
    fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(status: i32) -> !;
}

#[test]
fn in_a_forked_child_calls_are_closed_and_drops_are_quiet() {
    let folder = Folder::new();
    let cache = CacheHandle::open(&format!("lmdb:{}?size=16MiB", folder.file("store").display()), None).unwrap();
    let (_, generator) = generator_with(Some(&cache));
    let job = generator.job(&request("b")).unwrap();
    let asked = request("a");
    generator.generate(&asked).unwrap();
    let child = unsafe { fork() };
    if child == 0 {
        // Nothing here may print or take a lock of the test harness.
        let is_closed = |result: Result<()>| matches!(result, Err(error) if error.status() == Status::Closed);
        let wrong = i32::from(!is_closed(generator.generate(&asked).map(drop)))
            + 2 * i32::from(!is_closed(cache.stats().map(drop)))
            + 4 * i32::from(!is_closed(job.start()));
        drop((job, generator, cache));
        unsafe { _exit(wrong) }
    }
    let mut status = -1;
    assert_eq!(unsafe { waitpid(child, &mut status, 0) }, child);
    assert_eq!(status, 0, "the child's exit status says what was not closed");
    assert!(generator.generate(&asked).is_ok());
}
