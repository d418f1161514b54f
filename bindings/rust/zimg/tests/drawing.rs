//! Requests, results, reports and keys, with a pipeline in Rust.

mod common;

use std::str::FromStr;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use common::*;
use zimg::*;

#[test]
fn a_picture_is_drawn_once_and_found_afterwards() {
    let (canvas, generator) = generator_with(Some(&memory()));
    let mut drawn = generator.generate(&request("a red circle")).unwrap();
    assert_eq!(drawn.report().outcome(), Outcome::Drawn);
    assert_eq!((drawn.width(), drawn.height(), drawn.format()), (64, 64, ImageFormat::Png));
    generator.drain().unwrap();
    drawn.refresh_stored().unwrap();
    assert_eq!((drawn.report().stored(), drawn.report().store_note()), (Stored::Yes, ""));
    let found = generator.generate(&request("a red circle")).unwrap();
    assert!(found.report().is_hit());
    assert_eq!(found.bytes(), drawn.bytes());
    assert_eq!(found.report().key(), drawn.report().key());
    assert_eq!(canvas.drawings.load(SeqCst), 1);
    let picture = Picture::decode(found.bytes()).unwrap();
    assert_eq!(picture.rgb(), pixels(64, 64, 42, "a red circle"));
}

#[test]
fn octets_are_borrowed_copied_and_shared() {
    let (_, generator) = generator_with(None);
    let drawn = generator.generate(&request("a")).unwrap();
    let copy = drawn.bytes().to_vec();
    let mut buffer = vec![0; copy.len() + 3];
    drawn.copy_bytes(&mut buffer).unwrap();
    assert_eq!(&buffer[..copy.len()], copy);
    refused(Status::InvalidArgument, drawn.copy_bytes(&mut buffer[..copy.len() - 1]));
    let shared = drawn.share_bytes().unwrap();
    assert_eq!(shared.as_ref().as_ptr(), drawn.bytes().as_ptr());
    drop(drawn);
    assert_eq!(&*shared, copy);
    assert_eq!(shared.as_ref(), copy);
}

#[test]
fn a_report_tells_how_the_picture_came_about() {
    let (_, generator) = generator_with(Some(&memory()));
    let mut asked = request("  a   red circle ");
    asked.set_seed(7).unwrap().set_steps(5).unwrap().set_guidance(2.0).unwrap().set_namespace("gallery").unwrap();
    let drawn = generator.generate(&asked).unwrap();
    let report = drawn.report();
    assert_eq!((report.seed(), report.steps(), report.guidance()), (7, 5, 2.0));
    assert_eq!(report.namespace(), "gallery");
    assert_eq!(report.model(), generator.model_name());
    assert!(generator.is_builtin_model());
    assert!(report.folded().count() > 0);
    assert_eq!((report.warnings().count(), report.tags().count()), (0, 0));
    assert!(!report.is_flat() && !report.is_filtered() && !report.is_converted());
    assert_eq!(report.payload_sha256().len(), 64);
    assert_eq!(report.stage_ms(Stage::Denoise), 12.5);
    assert!(report.stage_ms(Stage::Total) > 0.0);
    assert_eq!(report.stage_ms(Stage::Load), 0.0);
}

#[test]
fn every_setter_reaches_the_key_or_the_picture() {
    let (_, generator) = generator_with(Some(&memory()));
    let key = |change: &dyn Fn(&mut Request)| {
        let mut asked = request("a circle");
        change(&mut asked);
        generator.key(&asked).unwrap()
    };
    let plain = key(&|_| {});
    let changes: Vec<(&str, Box<dyn Fn(&mut Request)>)> = vec![
        (
            "prompt",
            Box::new(|r| {
                r.set_prompt("another").unwrap();
            }),
        ),
        (
            "size",
            Box::new(|r| {
                r.set_size(128, 64).unwrap();
            }),
        ),
        (
            "steps",
            Box::new(|r| {
                r.set_steps(3).unwrap();
            }),
        ),
        (
            "guidance",
            Box::new(|r| {
                r.set_guidance(1.5).unwrap();
            }),
        ),
        (
            "schedule",
            Box::new(|r| {
                r.set_schedule(Schedule::LegacyZeroEnd).unwrap();
            }),
        ),
        (
            "seed",
            Box::new(|r| {
                r.set_seed(1).unwrap();
            }),
        ),
        (
            "tiling",
            Box::new(|r| {
                r.set_vae_tiling(true).unwrap();
            }),
        ),
        (
            "namespace",
            Box::new(|r| {
                r.set_namespace("other").unwrap();
            }),
        ),
    ];
    for (name, change) in &changes {
        assert_ne!(key(&**change), plain, "{name}");
    }
    let guided = |change: &dyn Fn(&mut Request)| {
        key(&|r| {
            r.set_guidance(2.0).unwrap();
            change(r);
        })
    };
    let base = guided(&|_| {});
    assert_ne!(
        guided(&|r| {
            r.set_negative_prompt("blur").unwrap();
        }),
        base
    );
    assert_ne!(
        guided(&|r| {
            r.set_guidance_normalization(1.0).unwrap();
        }),
        base
    );
    assert_ne!(
        guided(&|r| {
            r.set_guidance_truncation(0.5).unwrap();
        }),
        base
    );
    assert_eq!(
        key(&|r| {
            r.set_prompt("a  circle").unwrap();
        }),
        plain
    );
    assert_ne!(
        key(&|r| {
            r.set_prompt("a  circle").unwrap().set_match_level(MatchLevel::Exact).unwrap();
        }),
        plain
    );
}

#[test]
fn a_picture_has_the_format_that_is_asked_for_and_says_what_it_shows() {
    let (_, generator) = generator_with(Some(&memory()));
    let mut asked = request("a circle");
    asked.set_format(ImageFormat::Jpeg).unwrap().set_jpeg_quality(80).unwrap().set_splice_parameters(true).unwrap();
    let drawn = generator.generate(&asked).unwrap();
    let facts = PictureFacts::read(drawn.bytes()).unwrap();
    assert_eq!((facts.format, facts.width, facts.height), (ImageFormat::Jpeg, 64, 64));
    asked.set_format(ImageFormat::Png).unwrap();
    let found = generator.generate(&asked).unwrap();
    let facts = PictureFacts::read(found.bytes()).unwrap();
    assert!(facts.texts.iter().any(|(keyword, text)| keyword == "parameters" && text.contains("a circle")));
}

#[test]
fn cache_modes_are_obeyed() {
    let (canvas, generator) = generator_with(Some(&memory()));
    let ask = |mode| {
        let mut asked = request("a");
        asked.set_cache_mode(mode).unwrap();
        generator.generate(&asked).map(|result| result.report().outcome())
    };
    refused(Status::NotFound, ask(CacheMode::OnlyIfCached));
    assert_eq!(ask(CacheMode::NoStore).unwrap(), Outcome::Drawn);
    assert_eq!(ask(CacheMode::Bypass).unwrap(), Outcome::Drawn);
    assert_eq!(ask(CacheMode::Normal).unwrap(), Outcome::Drawn);
    generator.drain().unwrap();
    assert_eq!(ask(CacheMode::OnlyIfCached).unwrap(), Outcome::Hit);
    assert_eq!(ask(CacheMode::Refresh).unwrap(), Outcome::Drawn);
    assert_eq!(canvas.drawings.load(SeqCst), 4);
}

#[test]
fn a_random_seed_is_never_found_again() {
    let (_, generator) = generator_with(Some(&memory()));
    let mut asked = request("a");
    asked.set_random_seed(true).unwrap();
    let first = generator.generate(&asked).unwrap();
    generator.drain().unwrap();
    let second = generator.generate(&asked).unwrap();
    assert_eq!((first.report().outcome(), second.report().outcome()), (Outcome::Drawn, Outcome::Drawn));
}

#[test]
fn keys_are_text_and_back_and_are_explained() {
    let (_, generator) = generator_with(None);
    let key = generator.key(&request("a circle")).unwrap();
    let text = key.to_string();
    assert_eq!(text.len(), 64);
    assert_eq!(Key::from_str(&text).unwrap(), key);
    assert_eq!(text.to_uppercase().parse::<Key>().unwrap(), key);
    assert_eq!(format!("{key:?}"), format!("Key({text})"));
    refused(Status::InvalidArgument, Key::from_str("12"));
    refused(Status::InvalidArgument, Key::from_str(&"x".repeat(64)));
    let fields = generator.explain_key(&request("a circle")).unwrap();
    let prompt = fields.iter().find(|field| field.name == "prompt").unwrap();
    assert!(prompt.is_live && prompt.value.contains("a circle") && prompt.tag > 0);
    assert!(fields.iter().any(|field| !field.is_live));
}

#[test]
fn keys_of_the_article_are_those_of_its_text() {
    let config = r#"{"resolution": "1024x1024", "steps": 8, "cfg_scale": 1.0, "model_version": "z-image-turbo"}"#;
    let json = format!(r#"{{"prompt": "a cat", "config": {config}}}"#);
    assert_eq!(article_key("a cat", "", config).unwrap(), article_key_of_json(&json).unwrap());
    assert_eq!(article_text("a cat", "", config).unwrap(), article_text_of_json(&json).unwrap());
    assert!(article_text("a cat", "dogs", config).unwrap().contains("dogs"));
    refused(Status::InvalidArgument, article_key("a cat", "", "{"));
    refused(Status::InvalidArgument, article_text_of_json("[]"));
}

#[test]
fn progress_and_previews_are_told() {
    let (canvas, generator) = generator_with(None);
    canvas.steps.store(3, SeqCst);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let mut asked = request("a");
    asked.set_preview(true).unwrap();
    asked
        .set_progress(move |progress| {
            let preview = progress.preview().map(|(width, height, rgb)| (width, height, rgb.len()));
            told.lock().unwrap().push((progress.step(), progress.steps(), preview));
        })
        .unwrap();
    generator.generate(&asked).unwrap();
    let preview = Some((8, 4, 96));
    assert_eq!(*seen.lock().unwrap(), [(0, 3, preview), (1, 3, preview), (2, 3, preview), (3, 3, preview)]);
    asked.clear_progress().unwrap();
    generator.generate(&asked).unwrap();
    assert_eq!(seen.lock().unwrap().len(), 4);
    assert_eq!(Arc::strong_count(&seen), 1, "the callback is dropped with its last request");
}

#[test]
fn a_clone_of_a_request_is_another_request() {
    let (_, generator) = generator_with(None);
    let first = request("a");
    let mut second = first.try_clone().unwrap();
    assert_eq!(generator.key(&first).unwrap(), generator.key(&second).unwrap());
    second.set_seed(9).unwrap();
    assert_ne!(generator.key(&first).unwrap(), generator.key(&second).unwrap());
}

#[test]
fn metrics_and_traces_tell_what_happened() {
    let (_, mut options) = painter();
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = events.clone();
    options
        .set_trace(
            move |event| {
                let json = event.json().unwrap();
                assert!(event.at_ms() > 1_600_000_000_000 && json.starts_with('{'));
                assert_eq!((event.namespace(), event.key_prefix().len()), ("default", 12));
                assert!(event.stage_ms(Stage::Total) >= 0.0 && event.reason().len() < 1000);
                told.lock().unwrap().push((event.kind(), event.prompt().to_string()));
            },
            true,
        )
        .unwrap();
    let generator = Generator::new(&options, Some(&memory())).unwrap();
    generator.generate(&request("a")).unwrap();
    generator.drain().unwrap();
    generator.generate(&request("a")).unwrap();
    let ends: Vec<_> = events.lock().unwrap().clone();
    assert_eq!(ends, [(TraceKind::Miss, "a".to_string()), (TraceKind::Hit, "a".to_string())]);
    let metrics = generator.metrics().unwrap();
    assert_eq!((metrics.count(Count::Hits), metrics.count(Count::Misses), metrics.count(Count::Stored)), (1, 1, 1));
    assert_eq!(metrics.hit_rate(), 0.5);
    assert!(metrics.saved_ms() > 0.0);
    let buckets = metrics.buckets(Histogram::Hit);
    assert_eq!((buckets.len(), buckets.iter().sum::<u64>()), (histogram_bounds_ms().len() + 1, 1));
    assert!(metrics.sum_ms(Histogram::Hit) > 0.0 && metrics.quantile_ms(Histogram::Hit, 0.5) > 0.0);
    assert!(metrics.prometheus().unwrap().contains("zimg_"));
}

#[test]
fn the_library_says_what_it_is() {
    assert_eq!(version().split('.').count(), 3);
    assert_eq!(abi_version().0, sys::ZIMG_ABI_MAJOR);
    assert!(default_cache_path().is_ok());
    assert_eq!(Status::BadModel.name(), "bad_model");
    assert_eq!(Outcome::Hit.to_string(), "hit");
    assert_eq!(PrewarmEnd::AllDone.name(), "all done");
    for status in Status::ALL {
        assert_ne!(status.name(), "unknown", "{status:?}");
    }
    let mut options = Options::new().unwrap();
    options.set_engine_path("/nowhere/libzimg_torch.so").unwrap();
    refused(Status::NotFound, locate_engine(Some(&options)));
}

#[test]
fn a_model_folder_is_inspected_and_read() {
    let path = builtin_model_path().unwrap();
    let model = Inspection::of(&path, true).unwrap();
    assert_eq!(model.problems, Vec::<String>::new());
    assert_eq!((model.parts.len(), model.identity.len()), (3, 64));
    assert!(model.parts.iter().all(|part| part.bytes > 0 && part.tensors > 0 && !part.files.is_empty()));
    assert!(model.size_step > 0 && model.max_side >= model.width && model.steps > 0);
    let folder = Folder::new();
    assert!(!Inspection::of(&folder.0, false).map_or(false, |model| model.problems.is_empty()));
    let tokenizer = Tokenizer::open(&path).unwrap();
    let ids = tokenizer.encode("a red circle").unwrap();
    let text: Vec<u8> = ids.iter().flat_map(|id| tokenizer.piece(*id).unwrap()).collect();
    assert_eq!(text, b"a red circle");
    assert!(tokenizer.encode_prompt("a red circle").unwrap().len() > ids.len());
    assert!(tokenizer.piece(u32::MAX).unwrap().is_empty());
    let mut told = 0;
    convert_model(&path, folder.file("model"), WeightType::Fp32, |done, total| {
        assert!(done <= total);
        told += 1;
    })
    .unwrap();
    assert!(told > 0);
    assert_eq!(Inspection::of(folder.file("model"), false).unwrap().problems, Vec::<String>::new());
}
