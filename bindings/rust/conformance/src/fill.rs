//! What a case's fields make.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::Arc;
use std::time::Duration;

use zimg::*;

use crate::case::Case;
use crate::painter::Painter;

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("'{text}' is no number"))
}

/// The enumerator of the number, or one that C has not: then the case cannot be put in Rust.
fn enumerator<T: Copy>(all: &[T], text: &str, first: i32) -> T {
    all[usize::try_from(number::<i32>(text) - first).expect("an enumerator")]
}

fn fields<'a>(case: &'a Case, part: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    case.iter().filter_map(move |(name, value)| Some((name.strip_prefix(part)?, value.as_str())))
}

pub fn options(case: &Case) -> Result<Options> {
    let mut options = Options::new()?;
    let value_of = |name: &str| case.get(name).map_or("", String::as_str);
    for (name, value) in fields(case, "options.") {
        match name {
            "model" => options.set_model(value)?,
            "device" => options.set_device(enumerator(Device::ALL, value, 0))?,
            "precision" => options.set_precision(enumerator(Precision::ALL, value, 0))?,
            "fingerprint" => options.set_fingerprint(enumerator(Fingerprint::ALL, value, 0))?,
            "kept" => options.set_kept(enumerator(Kept::ALL, value, 0))?,
            "threads" => options.set_threads(number(value))?,
            "drawings_at_once" => options.set_drawings_at_once(number(value))?,
            "synonyms" => options.set_synonyms(value)?,
            "engine_path" => options.set_engine_path(value)?,
            "pipeline" => options.set_pipeline(Painter::of(value), "conformance 1")?,
            "secret_namespace" => options.add_namespace_secret(value, value_of("options.secret").as_bytes())?,
            "keywords" => {
                let action = enumerator(KeywordAction::ALL, value_of("options.keyword_action"), 0);
                options.add_keywords(value, action, value_of("options.keyword_tag"))?
            }
            "cache" | "secret" | "keyword_action" | "keyword_tag" => &mut options,
            other => panic!("options.{other} is not known"),
        };
    }
    Ok(options)
}

/// What the progress callback has counted.
#[derive(Default)]
pub struct Seen {
    pub steps: AtomicU32,
    pub previews: AtomicU32,
}

pub fn request(case: &Case, seen: &Arc<Seen>, token: &CancelToken) -> Result<Request> {
    let mut request = Request::new("")?;
    let value_of = |name: &str| number(case.get(name).expect("a size has two sides"));
    for (name, value) in fields(case, "request.") {
        match name {
            "prompt" => request.set_prompt(value)?,
            "negative_prompt" => request.set_negative_prompt(value)?,
            "width" => request.set_size(number(value), value_of("request.height"))?,
            "height" => &mut request,
            "steps" => request.set_steps(number(value))?,
            "guidance" => request.set_guidance(number(value))?,
            "guidance_normalization" => request.set_guidance_normalization(number(value))?,
            "guidance_truncation" => request.set_guidance_truncation(number(value))?,
            "schedule" => request.set_schedule(enumerator(Schedule::ALL, value, 0))?,
            "seed" => request.set_seed(number(value))?,
            "vae_tiling" => request.set_vae_tiling(value == "1")?,
            "match" => request.set_match_level(enumerator(MatchLevel::ALL, value, 0))?,
            "namespace" => request.set_namespace(value)?,
            "format" => request.set_format(enumerator(ImageFormat::ALL, value, 1))?,
            "jpeg_quality" => request.set_jpeg_quality(number(value))?,
            "splice_parameters" => request.set_splice_parameters(value == "1")?,
            "cache_mode" => request.set_cache_mode(enumerator(CacheMode::ALL, value, 0))?,
            "ttl_ms" => request.set_ttl(Duration::from_millis(number(value)))?,
            "ttl_jitter" => request.set_ttl_jitter(number(value))?,
            "tag" => request.set_tag(value)?,
            "pin" => request.set_pin(value == "1")?,
            "preview" => request.set_preview(value == "1")?,
            "cancel" => request.set_cancel_token(token)?,
            "progress" => {
                let seen = seen.clone();
                request.set_progress(move |progress| {
                    seen.steps.fetch_add(1, SeqCst);
                    seen.previews.fetch_add(u32::from(progress.preview().is_some()), SeqCst);
                })?
            }
            other => panic!("request.{other} is not known"),
        };
    }
    Ok(request)
}

pub fn entry(case: &Case) -> Result<Entry> {
    let mut entry = Entry::new()?;
    let value_of = |name: &str| number(case.get(name).expect("a size has two sides"));
    for (name, value) in fields(case, "entry.") {
        match name {
            "payload" => entry.set_payload(value.as_bytes())?,
            "format" => entry.set_format(enumerator(ImageFormat::ALL, value, 1))?,
            "width" => entry.set_size(number(value), value_of("entry.height"))?,
            "height" => (),
            "seed" => entry.set_seed(number(value))?,
            "steps" => entry.set_steps(number(value))?,
            "guidance" => entry.set_guidance(number(value))?,
            "draw_ms" => entry.set_draw_ms(number(value))?,
            "stored_at_ms" => entry.set_stored_at_ms(number(value))?,
            "expires_at_ms" => entry.set_expires_at_ms(number(value))?,
            "namespace" => entry.set_namespace(value)?,
            "model" => entry.set_model(value)?,
            "tag" => entry.set_tag(value)?,
            "pinned" => entry.set_pinned(value == "1")?,
            other => panic!("entry.{other} is not known"),
        }
    }
    Ok(entry)
}
