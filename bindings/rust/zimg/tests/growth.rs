//! Handles are made and dropped without end, and memory does not grow. One test, so that nothing else takes memory.

mod common;

use std::sync::Arc;

use common::*;
use zimg::*;

fn resident_bytes() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// Runs `turn` `count` times, after a tenth as many to warm up, and fails where memory grows by 2 MiB or more each time it does
/// so: less than 21 bytes for each of 100,000. Three times, since an arena of malloc is taken once, and a leak goes on.
fn stays(name: &str, count: usize, mut turn: impl FnMut()) {
    (0..count / 10).for_each(|_| turn());
    let mut round = || {
        let before = resident_bytes();
        (0..count).for_each(|_| turn());
        resident_bytes().saturating_sub(before)
    };
    let grown = (0..3).map(|_| round()).find(|grown| *grown < 2 << 20);
    assert!(grown.is_some(), "{count} times {name}: memory grew by 2 MiB or more three times in a row");
}

const LIGHT: usize = 100_000;
const HEAVY: usize = 1_000;

#[test]
fn memory_does_not_grow() {
    stays("a request", LIGHT, || {
        let mut asked = request("a circle");
        asked.set_progress(|_| ()).unwrap();
        drop(asked.try_clone().unwrap());
    });
    stays("a token", LIGHT, || drop(CancelToken::new().unwrap()));
    stays("options", LIGHT, || {
        let mut options = Options::new().unwrap();
        options.set_trace(|_| (), false).unwrap().set_model("/model").unwrap();
    });
    stays("an error", LIGHT, || drop(Request::new("\0").unwrap_err()));
    stays("a policy", LIGHT, || {
        Policy::new().unwrap().set_clock(|| 1).unwrap();
    });
    stays("options of a store", LIGHT, || drop(LmdbOptions::new().unwrap()));
    stays("an entry", LIGHT, || Entry::new().unwrap().set_payload(&[1; 100]).unwrap());
    stays("a filter", LIGHT, || drop(PurgeFilter::new().unwrap()));
    stays("a picture", LIGHT, || Picture::new().unwrap().set_rgb(2, 2, &[7; 12]).unwrap());
    stays("a list to prewarm", LIGHT, || drop(Prewarm::new().unwrap()));

    let cache = memory();
    let (_, generator) = generator_with(Some(&cache));
    let drawn = generator.generate(&request("a")).unwrap();
    generator.drain().unwrap();
    let (asked, key) = (request("a"), generator.key(&request("a")).unwrap());
    stays("a hit", LIGHT, || drop(generator.generate(&asked).unwrap().share_bytes().unwrap()));
    stays("an entry that is found", LIGHT, || drop(cache.find(&key).unwrap().unwrap()));
    stays("facts of a picture", LIGHT, || drop(PictureFacts::read(drawn.bytes()).unwrap()));
    stays("fields of a key", LIGHT / 10, || drop(generator.explain_key(&asked).unwrap()));
    stays("metrics", LIGHT / 10, || drop(generator.metrics().unwrap().prometheus().unwrap()));
    stays("stats", LIGHT / 10, || drop(cache.stats().unwrap().namespaces()));
    stays("a job that is not started", LIGHT, || drop(generator.job(&asked).unwrap()));
    stays("a job", LIGHT / 10, || {
        let job = generator.job(&asked).unwrap();
        job.set_done(|| ()).unwrap();
        job.start().unwrap();
        job.wait().unwrap();
        job.result().unwrap();
    });

    stays("a cache in memory", HEAVY, || drop(memory()));
    stays("a tier", HEAVY, || drop(CacheHandle::tier(&memory(), &memory()).unwrap()));
    stays("a cache in Rust", HEAVY, || {
        drop(CacheHandle::wrap(OnShelf::<true>(Arc::default()), "a shelf").unwrap());
    });
    let folder = Folder::new();
    let url = format!("lmdb:{}?size=4MiB", folder.file("store").display());
    stays("a store", HEAVY, || drop(CacheHandle::open(&url, None).unwrap()));
    stays("a generator", HEAVY, || drop(generator_with(Some(&cache))));
}
