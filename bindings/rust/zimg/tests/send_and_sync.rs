//! Every type may move between threads and be shared, which the compiler checks. `src/compile_fail.rs` has what it refuses.

use zimg::*;

fn is_send<T: ?Sized + Send>() {}
fn is_sync<T: ?Sized + Sync>() {}

macro_rules! is_send_and_sync {
    ($($name:ty),+ $(,)?) => {
        $(is_send::<$name>(); is_sync::<$name>();)+
    };
}

#[test]
fn every_type_is_send_and_sync() {
    is_send_and_sync!(
        CacheHandle,
        CancelToken,
        Delivered,
        Drawing,
        DrawingFuture,
        Entry,
        EntryView,
        Error,
        Generator,
        Inspection,
        Job,
        Key,
        KeyField,
        LmdbOptions,
        Metrics,
        Options,
        Part,
        Picture,
        PictureFacts,
        PictureView,
        Policy,
        Prewarm,
        PrewarmReport,
        Progress,
        PurgeFilter,
        Refused,
        Report,
        Request,
        SharedBytes,
        Stats,
        Tally,
        TallyView,
        Tokenizer,
        TraceEvent,
    );
}

#[test]
fn one_generator_serves_many_threads() {
    let generator = {
        struct Plain;
        impl Pipeline for Plain {
            fn draw(&self, drawing: &Drawing, picture: &mut PictureView) -> Result<()> {
                let size = (drawing.width() * drawing.height() * 3) as usize;
                let rgb: Vec<u8> = (0..size).map(|i| (i * (drawing.seed() as usize + 1)) as u8).collect();
                picture.set_rgb(drawing.width(), drawing.height(), &rgb)
            }
        }
        let mut options = Options::new().unwrap();
        options.set_pipeline(Plain, "plain").unwrap().set_drawings_at_once(4).unwrap();
        Generator::new(&options, Some(&CacheHandle::memory(1 << 24, None).unwrap())).unwrap()
    };
    std::thread::scope(|scope| {
        for thread in 0..8u64 {
            let generator = &generator;
            scope.spawn(move || {
                for turn in 0..50 {
                    let mut request = Request::new("a circle").unwrap();
                    request.set_size(64, 64).unwrap().set_seed((thread + turn) % 16).unwrap();
                    assert_eq!(generator.generate(&request).unwrap().width(), 64);
                }
            });
        }
    });
    generator.drain().unwrap();
    assert_eq!(generator.metrics().unwrap().count(Count::Drawn), 16);
}
