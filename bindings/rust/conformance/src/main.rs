//! The conformance suite through the crate zimg: zimg-conformance CASES FOLDER. tests/conformance/README.md tells what it
//! reads and writes.

mod case;
mod fill;
mod painter;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::Arc;

use case::{read_cases, Case, Results};
use fill::Seen;
use zimg::*;

/// The cache that the case names; `None` where it names none.
fn cache_of(case: &Case) -> Result<Option<CacheHandle>> {
    match case["options.cache"].as_str() {
        "none:" => Ok(None),
        url => CacheHandle::open(url, None).map(Some),
    }
}

fn write_first(results: &mut Results, result: &Delivered, seen: &Seen) {
    let report = result.report();
    results.write_octets(1, result.bytes());
    results.write("first", report.outcome());
    results.write("progress", seen.steps.load(SeqCst));
    results.write("previews", seen.previews.load(SeqCst));
    results.write("format", if result.format() == ImageFormat::Png { 1 } else { 2 });
    results.write("width", result.width());
    results.write("height", result.height());
    results.write("seed", report.seed());
    results.write("steps", report.steps());
    results.write_thousandths("guidance", report.guidance());
    results.write("model", report.model());
    results.write("namespace", report.namespace());
    results.write("flat", i32::from(report.is_flat()));
    results.write("filtered", i32::from(report.is_filtered()));
    report.folded().for_each(|each| results.write("folded", each));
    report.tags().for_each(|each| results.write("tag", each));
    report.warnings().for_each(|each| results.write("warning", each));
    results.write("stored", report.stored());
    results.write("store_note", report.store_note());
    results.write("payload_sha256", report.payload_sha256());
}

fn generate_twice(results: &mut Results, generator: &Generator, request: &Request, seen: &Seen) -> Result<()> {
    let mut first = generator.generate(request)?;
    generator.drain()?;
    first.refresh_stored()?;
    write_first(results, &first, seen);
    let second = generator.generate(request)?;
    results.write_octets(2, second.bytes());
    results.write("second", second.report().outcome());
    results.write("converted", i32::from(second.report().is_converted()));
    let metrics = generator.metrics()?;
    results.write("hits", metrics.count(Count::Hits));
    results.write("misses", metrics.count(Count::Misses));
    results.write("drawn", metrics.count(Count::Drawn));
    Ok(())
}

fn ask(case: &Case, results: &mut Results, is_drawn: bool) -> Result<()> {
    let options = fill::options(case)?;
    let generator = Generator::new(&options, cache_of(case)?.as_ref())?;
    let (seen, token) = (Arc::new(Seen::default()), CancelToken::new()?);
    let request = fill::request(case, &seen, &token)?;
    results.write("key", generator.key(&request)?);
    token.cancel();
    if is_drawn {
        return generate_twice(results, &generator, &request, &seen);
    }
    for field in generator.explain_key(&request)? {
        results.write("field_tag", field.tag);
        results.write("field_name", field.name);
        results.write("field_value", field.value);
        results.write("field_is_live", i32::from(field.is_live));
    }
    Ok(())
}

fn article(case: &Case, results: &mut Results) -> Result<()> {
    let (prompt, negative) = (&case["article.prompt"], &case["article.negative_prompt"]);
    let config = &case["article.config"];
    results.write("key", article_key(prompt, negative, config)?);
    results.write("text", article_text(prompt, negative, config)?);
    Ok(())
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn write_entry(results: &mut Results, entry: &EntryView) {
    results.write_octets(1, entry.payload().unwrap_or_default());
    results.write("format", if entry.format() == ImageFormat::Png { 1 } else { 2 });
    results.write("width", entry.width());
    results.write("height", entry.height());
    results.write("seed", entry.seed());
    results.write("steps", entry.steps());
    results.write_thousandths("guidance", entry.guidance());
    results.write_thousandths("draw_ms", entry.draw_ms());
    results.write("stored_at_ms", entry.stored_at_ms());
    results.write("expires_at_ms", entry.expires_at_ms());
    results.write("namespace", entry.namespace());
    results.write("model", entry.model());
    results.write("tag", entry.tag());
    results.write("pinned", i32::from(entry.is_pinned()));
    results.write("payload_sha256", hex(entry.payload_sha256()));
}

fn entry(case: &Case, results: &mut Results) -> Result<()> {
    let cache = cache_of(case)?.expect("a case with an entry has a cache");
    let entry = fill::entry(case)?;
    let key = Key(std::array::from_fn(|i| i as u8));
    let outcome = cache.store(&key, &entry)?;
    results.write("outcome", StoreOutcome::ALL.iter().position(|known| *known == outcome).expect("a known outcome"));
    let found = cache.find(&key)?;
    results.write("found", i32::from(found.is_some()));
    if let Some(found) = found {
        write_entry(results, &found);
    }
    results.write("erased", i32::from(cache.erase(&key)?));
    Ok(())
}

fn run(case: &Case, results: &mut Results) {
    results.name = case["case"].clone();
    results.write("case", &case["case"]);
    let answer = match case["do"].as_str() {
        "generate" => ask(case, results, true),
        "key" => ask(case, results, false),
        "article" => article(case, results),
        "hex" => case["text"].parse::<Key>().map(|key| results.write("key", key)),
        "entry" => entry(case, results),
        other => panic!("'{other}' is not known"),
    };
    match answer {
        Ok(()) => results.write("status", Status::Ok),
        Err(error) => {
            results.write("status", error.status());
            results.write("error", error.message());
        }
    }
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [cases, folder]: &[PathBuf; 2] = arguments.as_slice().try_into().expect("usage: zimg-conformance CASES FOLDER");
    let mut results = Results { folder: folder.clone(), name: String::new(), lines: String::new() };
    for case in read_cases(Path::new(cases)) {
        run(&case, &mut results);
    }
    std::fs::write(folder.join("results.txt"), results.lines).expect("the results");
}
