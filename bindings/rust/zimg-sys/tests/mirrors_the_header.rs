//! This crate and `include/zimg/zimg.h` declare the same.

mod header;

use std::mem::{align_of, size_of, MaybeUninit};
use std::process::Command;
use std::ptr::addr_of;
use std::{env, fs};

use zimg_sys::*;

#[test]
fn every_declaration_of_the_header_is_here_as_it_is_there() {
    let c = header::of_c(&header::header());
    let mut rust = header::of_rust(&header::sources());
    assert!(c.len() > 500, "the header has {} declarations; far more are expected", c.len());
    rust.retain(|name, _| !name.starts_with("ZIMG_ABI_"));
    let mut wrong: Vec<String> = Vec::new();
    for (name, declared) in &c {
        match rust.get(name) {
            None => wrong.push(format!("{name} is missing: {declared}")),
            Some(ours) if ours != declared => {
                wrong.push(format!("{name} is\n  {ours}\nand in the header\n  {declared}"))
            }
            Some(_) => {}
        }
    }
    wrong.extend(rust.keys().filter(|name| !c.contains_key(*name)).map(|name| format!("{name} is not in the header")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_difference_is_seen() {
    let text = header::header();
    let rust = header::of_rust(&header::sources());
    let differs = |from: &str, to: &str, name: &str| {
        assert!(text.contains(from), "{from} is not in the header");
        let planted = header::of_c(&text.replace(from, to));
        assert_ne!(planted.get(name), rust.get(name), "{to} is not seen");
    };
    differs(
        "zimg_request_set_steps(zimg_request* request, uint32_t steps",
        "zimg_request_set_steps(zimg_request* request, uint64_t steps",
        "zimg_request_set_steps",
    );
    differs(
        "zimg_request_set_steps(zimg_request* request",
        "zimg_request_set_steps(const zimg_request* request",
        "zimg_request_set_steps",
    );
    differs("ZIMG_STATUS_CLOSED = 11", "ZIMG_STATUS_CLOSED = 12", "ZIMG_STATUS_CLOSED");
    differs("uint8_t bytes[32]", "uint8_t bytes[20]", "zimg_key");
    differs("int is_pinned, int* out_is_there,\n", "int* out_is_there, int is_pinned,\n", "zimg_cache_pin");
    differs("typedef int64_t (*zimg_clock_function)", "typedef int32_t (*zimg_clock_function)", "zimg_clock_function");
    differs(
        "zimg_status (*erase)(void* user_data, const zimg_key* key, int* out_was_there",
        "zimg_status (*erase)(void* user_data, int* out_was_there",
        "zimg_cache_vtable",
    );
}

/// What the C compiler says each of `expressions` is.
fn by_the_c_compiler(expressions: &[String]) -> Vec<i64> {
    let prints: String =
        expressions.iter().map(|each| format!("printf(\"%lld\\n\", (long long)({each}));\n")).collect();
    let program = format!(
        "#include <stdio.h>\n#include <stddef.h>\n#include <zimg/zimg.h>\n#define ALIGN(T) offsetof(struct {{ char c; T t; }}, t)\nint main(void) {{\n{prints}return 0; }}\n"
    );
    let folder = env::temp_dir().join(format!("zimg-sys-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (source, binary) = (folder.join("sizes.c"), folder.join("sizes"));
    fs::write(&source, program).unwrap();
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let made = Command::new(compiler)
        .arg(format!("-I{}", header::include_folder().display()))
        .args(["-DZIMG_STATIC", "-o"])
        .args([&binary, &source])
        .status()
        .expect("a C compiler");
    assert!(made.success());
    let output = Command::new(&binary).output().unwrap();
    fs::remove_dir_all(folder).unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect()
}

macro_rules! offset {
    ($structure:ident, $field:ident) => {{
        let place = MaybeUninit::<$structure>::uninit();
        let begin = place.as_ptr();
        (format!("offsetof({}, {})", stringify!($structure), stringify!($field)), unsafe {
            addr_of!((*begin).$field) as usize - begin as usize
        })
    }};
}

macro_rules! size {
    ($kind:ty) => {
        (format!("sizeof({})", stringify!($kind)), size_of::<$kind>())
    };
}

#[test]
fn sizes_places_and_constants_are_what_the_c_compiler_says() {
    let mut expected = vec![
        size!(zimg_key),
        size!(zimg_cache_vtable),
        size!(zimg_pipeline_vtable),
        size!(zimg_status),
        size!(zimg_count),
        size!(zimg_progress_function),
        ("ALIGN(zimg_key)".to_string(), align_of::<zimg_key>()),
        ("ALIGN(zimg_cache_vtable)".to_string(), align_of::<zimg_cache_vtable>()),
        offset!(zimg_cache_vtable, struct_size),
        offset!(zimg_cache_vtable, find),
        offset!(zimg_cache_vtable, store),
        offset!(zimg_cache_vtable, erase),
        offset!(zimg_cache_vtable, release),
        offset!(zimg_cache_vtable, list),
        offset!(zimg_cache_vtable, contains),
        offset!(zimg_cache_vtable, pin),
        offset!(zimg_cache_vtable, stats),
        offset!(zimg_pipeline_vtable, struct_size),
        offset!(zimg_pipeline_vtable, draw),
        offset!(zimg_pipeline_vtable, release),
        ("ZIMG_ABI_MAJOR".to_string(), ZIMG_ABI_MAJOR as usize),
        ("ZIMG_ABI_MINOR".to_string(), ZIMG_ABI_MINOR as usize),
    ];
    for (name, declared) in header::of_rust(&header::sources()) {
        if let Some((_, value)) =
            declared.split_once(" = ").filter(|_| name.starts_with("ZIMG_") && !name.contains("_ABI_"))
        {
            expected.push((name, value.parse().unwrap()));
        }
    }
    assert!(expected.len() > 150, "{}", expected.len());
    let expressions: Vec<_> = expected.iter().map(|(expression, _)| expression.clone()).collect();
    for ((expression, ours), theirs) in expected.iter().zip(by_the_c_compiler(&expressions)) {
        assert_eq!(*ours as i64, theirs, "{expression}");
    }
}

#[test]
fn the_library_that_is_loaded_has_the_abi_of_this_crate() {
    let version = unsafe { zimg_abi_version() };
    assert_eq!(version >> 16, ZIMG_ABI_MAJOR);
    assert!(version & 0xffff >= ZIMG_ABI_MINOR);
}
