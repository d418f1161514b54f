//! What a generator is told when it is made.

mod common;

use std::time::Duration;

use common::*;
use zimg::*;

#[test]
fn keyword_lists_refuse_tag_and_keep_from_storing() {
    let folder = Folder::new();
    std::fs::write(folder.file("words"), "gun\n").unwrap();
    let outcome = |action, tag: &str| {
        let (_, mut options) = painter();
        options.add_keywords(folder.file("words"), action, tag).unwrap();
        let generator = Generator::new(&options, Some(&memory()))?;
        let drawn = generator.generate(&request("a gun"))?;
        generator.drain()?;
        Ok((drawn.report().is_filtered(), drawn.report().tags().map(str::to_string).collect::<Vec<_>>()))
    };
    refused(Status::Refused, outcome(KeywordAction::Refuse, ""));
    assert_eq!(outcome(KeywordAction::Tag, "arms").unwrap().1, ["arms"]);
    assert!(outcome(KeywordAction::NoStore, "").unwrap().0);
    refused(Status::InvalidArgument, outcome(KeywordAction::Tag, ""));
}

#[test]
fn options_reach_the_generator() {
    let (_, mut options) = painter();
    options
        .set_cache_url("memory:")
        .unwrap()
        .set_requires_cache(true)
        .unwrap()
        .set_device(Device::Cpu)
        .unwrap()
        .set_precision(Precision::Fp32)
        .unwrap()
        .set_threads(1)
        .unwrap()
        .set_fingerprint(Fingerprint::Strict)
        .unwrap()
        .set_kept(Kept::Delivered)
        .unwrap()
        .set_drawings_at_once(2)
        .unwrap()
        .set_patience(Duration::from_millis(5))
        .unwrap()
        .set_pending_stores(3)
        .unwrap()
        .set_torch_path("")
        .unwrap()
        .set_synonyms("")
        .unwrap()
        .add_namespace_secret("gallery", b"a secret of enough octets, I hope")
        .unwrap();
    let generator = Generator::new(&options, None).unwrap();
    generator.generate(&request("a")).unwrap();
    generator.drain().unwrap();
    assert!(generator.generate(&request("a")).unwrap().report().is_hit());
    options.set_cache_url("lmdb:/proc/nowhere").unwrap();
    assert!(Generator::new(&options, None).is_err());
    options.set_requires_cache(false).unwrap().set_model("/nowhere").unwrap();
    assert!(Generator::new(&options, None).is_err());
}
