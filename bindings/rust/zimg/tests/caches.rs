//! Caches of every kind, their policies and their upkeep.

mod common;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::*;
use zimg::*;

fn entry(payload: &[u8], namespace: &str, tag: &str) -> Entry {
    let mut entry = Entry::new().unwrap();
    entry.set_payload(payload).unwrap();
    entry.set_format(ImageFormat::Png).unwrap();
    entry.set_size(64, 32).unwrap();
    entry.set_seed(3).unwrap();
    entry.set_steps(4).unwrap();
    entry.set_guidance(1.5).unwrap();
    entry.set_draw_ms(100.0).unwrap();
    entry.set_namespace(namespace).unwrap();
    entry.set_model("a model").unwrap();
    entry.set_tag(tag).unwrap();
    entry
}

fn key(number: u8) -> Key {
    Key([number; 32])
}

/// What every cache does.
fn behaves(cache: &CacheHandle) {
    assert!(cache.find(&key(1)).unwrap().is_none());
    assert_eq!(cache.store(&key(1), &entry(b"one", "default", "first")).unwrap(), StoreOutcome::Stored);
    let (two, three) = (entry(b"two", "default", ""), entry(b"three", "gallery", ""));
    let outcomes = cache.store_all(&[(key(2), &two), (key(3), &three)]).unwrap();
    assert_eq!(outcomes, [StoreOutcome::Stored; 2]);
    let found = cache.find(&key(1)).unwrap().unwrap();
    assert_eq!(found.payload(), Some(&b"one"[..]));
    assert_eq!((found.width(), found.height(), found.seed(), found.steps()), (64, 32, 3, 4));
    assert_eq!((found.guidance(), found.draw_ms(), found.format()), (1.5, 100.0, ImageFormat::Png));
    assert_eq!((found.namespace(), found.model(), found.tag()), ("default", "a model", "first"));
    assert!(found.stored_at_ms() > 0 && found.expires_at_ms() == 0 && !found.is_pinned());
    assert_ne!(found.payload_sha256(), &[0; 32]);
    assert!(cache.peek(&key(2)).unwrap().is_some());
    assert!(cache.contains(&key(3)).unwrap() && !cache.contains(&key(4)).unwrap());
    assert!(cache.pin(&key(1), true).unwrap() && !cache.pin(&key(4), true).unwrap());
    assert!(cache.peek(&key(1)).unwrap().unwrap().is_pinned());
    let mut seen = Vec::new();
    cache
        .list(|key, entry, bytes| {
            assert!(cache.contains(key).unwrap()); // it may call the cache
            seen.push((*key, entry.namespace().to_string(), bytes));
            seen.len() < 2
        })
        .unwrap();
    assert_eq!(seen, [(key(1), "default".to_string(), 3), (key(2), "default".to_string(), 3)]);
    let tally = cache.verify(|_| true).unwrap();
    assert_eq!((tally.count(Count::Entries), tally.count(Count::Corrupt)), (3, 0));
    refused(Status::Cancelled, cache.verify(|_| false));
    assert!(cache.erase(&key(2)).unwrap() && !cache.erase(&key(2)).unwrap());
    assert_eq!(cache.erase_if(|_, entry, _| entry.namespace() == "gallery").unwrap(), 1);
    assert_eq!(cache.stats().unwrap().count(Count::Entries), 1);
    let mut filter = PurgeFilter::new().unwrap();
    filter.set_spares_pinned(true).unwrap().set_namespace("default").unwrap();
    assert_eq!(cache.purge(&filter).unwrap(), 0);
    assert!(!cache.description().unwrap().is_empty());
    cache.pin(&key(1), false).unwrap();
    assert_eq!(cache.purge(&filter).unwrap(), 1);
    cache.close().unwrap();
    cache.close().unwrap();
}

#[test]
fn a_cache_in_memory_behaves() {
    behaves(&memory());
}

#[test]
fn a_store_on_a_disk_behaves() {
    let folder = Folder::new();
    let cache = CacheHandle::open(&format!("lmdb:{}?size=16MiB", folder.file("store").display()), None).unwrap();
    behaves(&cache);
    refused(Status::Closed, cache.find(&key(1)));
}

#[test]
fn a_tier_behaves() {
    behaves(&CacheHandle::tier(&memory(), &memory()).unwrap());
}

#[test]
fn a_cache_in_rust_behaves() {
    let shelf = Arc::new(Shelf::default());
    let cache = CacheHandle::wrap(OnShelf::<true>(shelf.clone()), "a shelf").unwrap();
    assert_eq!(cache.description().unwrap(), "a shelf");
    behaves(&cache);
    refused(Status::Closed, cache.find(&key(1)));
    drop(cache);
    assert_eq!(shelf.drops.load(SeqCst), 1);
}

#[test]
fn a_cache_in_rust_needs_three_functions_only() {
    let cache = CacheHandle::wrap(OnShelf::<false>(Arc::default()), "a shelf").unwrap();
    cache.store(&key(1), &entry(b"one", "default", "")).unwrap();
    assert!(cache.contains(&key(1)).unwrap() && !cache.contains(&key(2)).unwrap());
    assert!(cache.pin(&key(1), true).unwrap());
    assert!(cache.find(&key(1)).unwrap().unwrap().is_pinned());
    refused(Status::Unsupported, cache.list(|_, _, _| true));
    refused(Status::Unsupported, cache.verify(|_| true));
    assert_eq!(cache.stats().unwrap().count(Count::Hits), 2); // one by the pin, which is made from find
}

#[test]
fn a_cache_in_rust_serves_a_generator_whatever_it_does() {
    let shelf = Arc::new(Shelf::default());
    let cache = CacheHandle::wrap(OnShelf::<true>(shelf.clone()), "a shelf").unwrap();
    let (canvas, generator) = generator_with(Some(&cache));
    let outcome = |prompt| {
        let outcome = generator.generate(&request(prompt)).unwrap().report().outcome();
        generator.drain().unwrap();
        outcome
    };
    assert_eq!(outcome("a"), Outcome::Drawn);
    assert_eq!(outcome("a"), Outcome::Hit);
    shelf.fails.store(true, SeqCst);
    let drawn = generator.generate(&request("a")).unwrap();
    assert_eq!(drawn.report().outcome(), Outcome::Drawn);
    assert!(drawn.report().warnings().any(|warning| warning.contains("the shelf is locked")));
    generator.drain().unwrap();
    assert_eq!(refused(Status::Cache, cache.find(&key(1))).message(), "the shelf is locked");
    shelf.fails.store(false, SeqCst);
    shelf.panics.store(true, SeqCst);
    assert_eq!(outcome("a"), Outcome::Drawn);
    let error = refused(Status::Internal, cache.find(&key(1)));
    assert!(error.message().contains("the shelf fell down"), "{error}");
    shelf.panics.store(false, SeqCst);
    shelf.lies.store(true, SeqCst);
    assert_eq!(outcome("a"), Outcome::Drawn);
    assert!(cache.stats().is_ok());
    shelf.lies.store(false, SeqCst);
    assert_eq!(outcome("a"), Outcome::Hit);
    assert_eq!(canvas.drawings.load(SeqCst), 4);
}

#[test]
fn a_cache_in_rust_that_blocks_holds_up_its_own_callers_only() {
    let shelf = Arc::new(Shelf::default());
    let cache = CacheHandle::wrap(OnShelf::<true>(shelf.clone()), "a shelf").unwrap();
    let (_, generator) = generator_with(Some(&cache));
    shelf.is_shut.store(true, SeqCst);
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| generator.generate(&request("a")).map(|drawn| drawn.width()));
        until("it waits in the cache", || shelf.waiting.load(SeqCst) > 0);
        let mut bypassing = request("b");
        bypassing.set_cache_mode(CacheMode::Bypass).unwrap();
        assert!(generator.generate(&bypassing).is_ok());
        shelf.is_shut.store(false, SeqCst);
        assert_eq!(answer.join().unwrap().unwrap(), 64);
    });
}

#[test]
fn a_store_is_found_again_by_the_next_one_that_opens_it() {
    let folder = Folder::new();
    let mut options = LmdbOptions::new().unwrap();
    options.set_path(folder.file("store")).unwrap().set_capacity_bytes(16 << 20).unwrap();
    options.set_lock_timeout(Duration::from_millis(50)).unwrap().set_allow_network(true).unwrap();
    options.add_namespace_secret("secret", b"a secret of enough octets, I hope").unwrap();
    options.set_policy(&Policy::new().unwrap()).unwrap();
    let first = CacheHandle::open_lmdb(&options).unwrap();
    let second = CacheHandle::open_lmdb(&options).unwrap(); // two of one store in one process
    first.store(&key(1), &entry(b"one", "secret", "")).unwrap();
    assert_eq!(second.find(&key(1)).unwrap().unwrap().payload(), Some(&b"one"[..]));
    let tally = first.verify(|_| true).unwrap();
    assert_eq!((tally.count(Count::Listed), tally.count(Count::TreeDamages)), (1, 0));
    let tally = verify_store(&options, |_| true).unwrap(); // they may have it open
    assert_eq!((tally.count(Count::PayloadBytes), tally.count(Count::Unreadable)), (3, 0));
    drop((first, second));
    let tally = rebuild_store(&options, |_| true).unwrap();
    assert_eq!((tally.count(Count::Entries), tally.count(Count::Lost)), (1, 0));
    assert_eq!((tally.count(Count::Listed), tally.count(Count::TreeDamages)), (1, 0));
    options.set_capacity_bytes(32 << 20).unwrap();
    resize_store(&options).unwrap();
    let url = format!("lmdb:{}", folder.file("store").display());
    let reopened = CacheHandle::open(&url, None).unwrap();
    assert_eq!(reopened.stats().unwrap().count(Count::CapacityBytes), 32 << 20);
    refused(Status::InvalidArgument, LmdbOptions::from_url("memory:"));
    assert!(LmdbOptions::from_url(&url).is_ok());
}

#[test]
fn a_policy_has_the_secrets_of_a_cache_url() {
    let folder = Folder::new();
    let url = format!("lmdb:{}?size=16MiB&encrypt=1", folder.file("store").display());
    let mut policy = Policy::new().unwrap();
    refused(Status::InvalidArgument, CacheHandle::open(&url, None));
    let failure = refused(Status::InvalidArgument, CacheHandle::open(&url, Some(&policy)));
    assert!(failure.message().contains("encrypt=1"), "{failure}");
    policy.add_namespace_secret("secret", b"a secret of enough octets, I hope").unwrap();
    let cache = CacheHandle::open(&url, Some(&policy)).unwrap();
    cache.store(&key(1), &entry(b"one", "secret", "")).unwrap();
    drop(cache);
    let mut options = LmdbOptions::from_url(&url).unwrap();
    options.set_policy(&policy).unwrap();
    assert!(CacheHandle::open_lmdb(&options).unwrap().find(&key(1)).unwrap().is_some());
    options.add_namespace_secret("secret", b"another secret").unwrap();
    assert!(CacheHandle::open_lmdb(&options).unwrap().find(&key(1)).unwrap().is_none());
    assert_eq!(verify_store(&options, |_| true).unwrap().count(Count::Unreadable), 1);
}

#[test]
fn verifying_a_store_tells_of_damage_and_stops() {
    let folder = Folder::new();
    let mut options = LmdbOptions::new().unwrap();
    options.set_path(folder.file("store")).unwrap().set_capacity_bytes(16 << 20).unwrap();
    refused(Status::NotFound, verify_store(&options, |_| true));
    let cache = CacheHandle::open_lmdb(&options).unwrap();
    for i in 0..3 {
        cache.store(&key(i), &entry(&[b'a' + i; 20_000], "default", "")).unwrap();
    }
    drop(cache);
    let file = folder.file("store").join("data.mdb");
    let mut octets = std::fs::read(&file).unwrap();
    let at = octets.windows(2000).position(|part| part.iter().all(|octet| *octet == b'b')).unwrap();
    octets[at] = b'x';
    std::fs::write(&file, octets).unwrap();
    refused(Status::Cancelled, verify_store(&options, |_| false));
    let tally = verify_store(&options, |_| true).unwrap();
    assert_eq!((tally.count(Count::Entries), tally.count(Count::Corrupt)), (3, 1));
    assert_eq!(verify_store(&options, |_| true).unwrap().count(Count::Entries), 2);
}

#[test]
fn policies_limit_warn_and_expire() {
    let now = Arc::new(AtomicI64::new(1_700_000_000_000));
    let warnings = Arc::new(AtomicUsize::new(0));
    let mut policy = Policy::new().unwrap();
    let none_at_all = policy.add_namespace("short", 0, 0, Duration::from_micros(999)).map(drop);
    assert!(refused(Status::InvalidArgument, none_at_all).message().contains("999"));
    policy.add_namespace("short", 0, 0, Duration::from_millis(1)).unwrap();
    policy.add_namespace("small", 1000, 0, Duration::ZERO).unwrap();
    policy.add_namespace("*", 0, 0, Duration::from_secs(60)).unwrap();
    policy.set_ttl_jitter(0.0).unwrap().set_weighs_entries(false).unwrap();
    let (clock, warned) = (now.clone(), warnings.clone());
    policy.set_clock(move || clock.load(SeqCst)).unwrap();
    policy
        .set_warning(move |warning| {
            assert!(!warning.is_empty());
            warned.fetch_add(1, SeqCst);
        })
        .unwrap();
    let cache = CacheHandle::memory(10_000, Some(&policy)).unwrap();
    drop(policy);
    assert_eq!(cache.store(&key(1), &entry(&[1; 2000], "small", "")).unwrap(), StoreOutcome::OverQuota);
    assert_eq!(cache.store(&key(2), &entry(&[2; 20_000], "any", "")).unwrap(), StoreOutcome::TooLarge);
    assert_eq!(cache.store(&key(3), &entry(&[3; 8500], "any", "")).unwrap(), StoreOutcome::Stored);
    assert_eq!(warnings.load(SeqCst), 1);
    assert!(cache.find(&key(3)).unwrap().is_some());
    now.fetch_add(61_000, SeqCst);
    assert!(cache.find(&key(3)).unwrap().is_none());
    drop(cache);
    assert_eq!(Arc::strong_count(&now), 1, "the clock is dropped with the last cache");
}

#[test]
fn presets_give_a_namespace_and_its_rule() {
    let (mut asked, mut policy) = (request("a"), Policy::new().unwrap());
    assert_eq!(Preset::named("personal").unwrap(), Preset::Personal);
    refused(Status::NotFound, Preset::named("none such"));
    Preset::Personal.apply("ada", &mut asked, &mut policy).unwrap();
    let (_, generator) = generator_with(Some(&CacheHandle::memory(1 << 20, Some(&policy)).unwrap()));
    assert!(generator.generate(&asked).unwrap().report().namespace().contains("ada"));
}

#[test]
fn stats_tell_what_a_cache_holds_and_did() {
    let cache = memory();
    cache.store(&key(1), &entry(b"one", "default", "")).unwrap();
    cache.store(&key(2), &entry(b"two", "gallery", "")).unwrap();
    cache.find(&key(1)).unwrap();
    cache.find(&key(9)).unwrap();
    let stats = cache.stats().unwrap();
    assert_eq!((stats.count(Count::Hits), stats.count(Count::Misses), stats.count(Count::PayloadBytes)), (1, 1, 6));
    assert_eq!((stats.hit_rate(), stats.saved_ms()), (0.5, 100.0));
    let parts = stats.namespaces();
    assert_eq!(parts.iter().map(|part| &*part.name).collect::<Vec<_>>(), ["default", "gallery"]);
    assert_eq!((parts[0].entries, parts[0].hits, parts[0].payload_bytes, parts[0].stored), (1, 1, 3, 1));
    assert_eq!(stats.points().len(), 3);
}

#[test]
fn filters_fit_what_they_name() {
    let mut filter = PurgeFilter::new().unwrap();
    let shown = entry(b"one", "default", "first");
    assert!(filter.matches(&key(0xab), &shown));
    filter.set_tag("first").unwrap().set_model("a model").unwrap().set_key_prefix("ab").unwrap();
    filter.set_stored_before_ms(10).unwrap();
    assert!(filter.matches(&key(0xab), &shown));
    assert!(!filter.matches(&key(0xac), &shown));
    filter.set_tag("second").unwrap();
    assert!(!filter.matches(&key(0xab), &shown));
    filter.set_key_prefix("xy").unwrap();
    refused(Status::InvalidArgument, memory().purge(&filter));
}

#[test]
fn bundles_are_written_and_read() {
    let folder = Folder::new();
    let from = memory();
    let (_, generator) = generator_with(Some(&from));
    for prompt in ["a", "b", "c"] {
        generator.generate(&request(prompt)).unwrap();
    }
    generator.drain().unwrap();
    let path = folder.file("pictures.bundle");
    let left_out = generator.key(&request("b")).unwrap();
    let tally = export_bundle(&from, &path, |key, _, _| *key != left_out, |_| true).unwrap();
    assert_eq!(tally.count(Count::Entries), 2);
    let to = memory();
    let tally = import_bundle(&to, &path, |refused| panic!("{refused:?}"), |_| true).unwrap();
    assert_eq!((tally.count(Count::Stored), tally.count(Count::IsWhole)), (2, 1));
    let mut octets = std::fs::read(&path).unwrap();
    let inside = octets.len() / 4; // of the first entry's payload
    octets[inside] ^= 1;
    std::fs::write(&path, octets).unwrap();
    let seen = Mutex::new(Vec::new());
    import_bundle(&memory(), &path, |refused| seen.lock().unwrap().push(refused), |_| true).unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(!seen.is_empty() && seen.iter().all(|each| !each.reason.is_empty()), "{seen:?}");
    refused(Status::Cancelled, import_bundle(&to, &path, |_| (), |_| false));
    refused(Status::Cancelled, export_bundle(&from, folder.file("other"), |_, _, _| true, |_| false));
    assert!(import_bundle(&to, folder.file("absent"), |_| (), |_| true).is_err());
}

#[test]
fn prewarming_draws_what_is_missing() {
    let cache = memory();
    let (canvas, generator) = generator_with(Some(&cache));
    generator.generate(&request("a")).unwrap();
    generator.drain().unwrap();
    let mut prewarm = Prewarm::new().unwrap();
    for (prompt, priority) in [("a", 1.0), ("b", 2.0), ("b", 0.0), ("c", 3.0)] {
        prewarm.add(&request(prompt), priority).unwrap();
    }
    prewarm.set_at_once(1).unwrap().set_budget_pictures(1).unwrap();
    let mut told = 0;
    let report = prewarm
        .run(&generator, |so_far| {
            assert_eq!(so_far.count(Count::Listed), 4);
            told += 1;
            true
        })
        .unwrap();
    assert!(told > 0);
    assert_eq!((report.end, report.drawn, report.found, report.different), (PrewarmEnd::PicturesSpent, 1, 1, 3));
    assert_eq!((report.listed, report.left, report.failures.len(), &*report.note), (4, 1, 0, ""));
    assert!(cache.contains(&generator.key(&request("c")).unwrap()).unwrap());
    let token = CancelToken::new().unwrap();
    token.cancel();
    prewarm.set_cancel_token(&token).unwrap().set_budget_seconds(60.0).unwrap().set_budget_bytes(1 << 30).unwrap();
    assert_eq!(prewarm.run(&generator, |_| true).unwrap().end, PrewarmEnd::Cancelled);
    let mut failing = Prewarm::new().unwrap();
    let mut wrong = request("d");
    wrong.set_steps(5000).unwrap();
    failing.add(&wrong, 0.0).unwrap();
    let report = failing.run(&generator, |_| true).unwrap();
    assert_eq!((report.failures[0].item, report.failures[0].status), (0, Status::InvalidArgument));
    assert_eq!(canvas.drawings.load(SeqCst), 2);
}
