//! Reads `include/zimg/zimg.h` and the sources of this crate, into one form.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Name: declaration, in Rust's words and with single blanks.
pub type Declarations = BTreeMap<String, String>;

pub fn include_folder() -> PathBuf {
    match std::env::var_os("ZIMG_INCLUDE_DIR") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../include"),
    }
}

pub fn header() -> String {
    let path = include_folder().join("zimg/zimg.h");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    without_preprocessor(&without_comments(&text, "/*", "*/"))
}

pub fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    without_comments(&text, "//", "\n")
}

fn without_comments(text: &str, begin: &str, end: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(at) = rest.find(begin) {
        kept.push_str(&rest[..at]);
        kept.push(' ');
        rest = rest[at..].find(end).map_or("", |length| &rest[at + length + end.len()..]);
    }
    kept + rest
}

fn without_preprocessor(text: &str) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with('#') && !line.starts_with("extern \"C\"");
    text.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` at its commas outside of parentheses, without empty parts.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut before) = (vec![String::new()], 0, ' ');
    for character in text.chars() {
        match character {
            '(' | '<' | '[' => depth += 1,
            '>' if before == '-' => {}
            ')' | '>' | ']' => depth -= 1,
            _ => {}
        }
        before = character;
        if character == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(character);
        }
    }
    parts.iter().map(|part| single_blanks(part)).filter(|part| !part.is_empty()).collect()
}

// ---- C ----

fn rust_name(c: &str) -> &str {
    match c {
        "char" => "c_char",
        "int" => "c_int",
        "void" => "c_void",
        "uint8_t" => "u8",
        "uint16_t" => "u16",
        "uint32_t" => "u32",
        "uint64_t" => "u64",
        "int32_t" => "i32",
        "int64_t" => "i64",
        "size_t" => "usize",
        "float" => "f32",
        "double" => "f64",
        other => other,
    }
}

/// A type of C, such as `const char* const*`, in Rust: `*const *const c_char`.
fn rust_type(c: &str) -> String {
    let spaced = c.replace('*', " * ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let is_const_first = words[0] == "const";
    let mut is_const = is_const_first;
    let mut rust = rust_name(words[usize::from(is_const_first)]).to_string();
    for word in &words[usize::from(is_const_first) + 1..] {
        match *word {
            "*" => {
                rust = format!("*{} {rust}", if is_const { "const" } else { "mut" });
                is_const = false;
            }
            "const" => is_const = true,
            other => panic!("the type '{c}' has '{other}' in it"),
        }
    }
    rust
}

fn rust_result(c: &str) -> String {
    match c.trim() {
        "void" => String::new(),
        other => format!(" -> {}", rust_type(other)),
    }
}

fn rust_function_pointer(result: &str, parameters: &str) -> String {
    format!("Option<unsafe extern \"C\" fn({}){}>", rust_parameters(parameters), rust_result(result))
}

/// A parameter or field of C, such as `void (*release)(void* user_data)`, in Rust.
fn rust_parameter(c: &str) -> String {
    if let Some(at) = c.find("(*") {
        let (name, rest) = c[at + 2..].split_once(')').unwrap();
        let inside = rest.trim().strip_prefix('(').unwrap().strip_suffix(')').unwrap();
        return format!("{name}: {}", rust_function_pointer(&c[..at], inside));
    }
    if let Some((declared, length)) = c.strip_suffix(']').and_then(|c| c.split_once('[')) {
        let (kind, name) = declared.rsplit_once(' ').unwrap();
        return format!("{name}: [{}; {length}]", rust_type(kind));
    }
    let at = c.rfind([' ', '*']).unwrap() + 1;
    let name = &c[at..];
    let raw = if ["type", "match"].contains(&name) { "r#" } else { "" };
    format!("{raw}{name}: {}", rust_type(&c[..at]))
}

fn rust_parameters(c: &str) -> String {
    match c.trim() {
        "void" => String::new(),
        list => split(list).iter().map(|part| rust_parameter(part)).collect::<Vec<_>>().join(", "),
    }
}

/// Functions, callbacks, structs and enumerators of the header.
pub fn of_c(header: &str) -> Declarations {
    let mut found = Declarations::new();
    let mut enumeration = String::new();
    for statement in statements(header) {
        if let Some(function) = statement.strip_prefix("ZIMG_SINCE_0_1 ") {
            let (declared, parameters) = function.split_once('(').unwrap();
            let at = declared.rfind([' ', '*']).unwrap() + 1;
            let signature = format!(
                "fn({}){}",
                rust_parameters(parameters.strip_suffix(')').unwrap()),
                rust_result(&declared[..at])
            );
            found.insert(declared[at..].to_string(), signature);
        } else if let Some(inside) = statement.strip_prefix("enum {") {
            for each in split(inside.strip_suffix('}').unwrap()) {
                let (name, value) = each.split_once(" = ").unwrap();
                found.insert(name.to_string(), format!("{enumeration} = {value}"));
            }
        } else if let Some(defined) = statement.strip_prefix("typedef ") {
            if let Some((_, body)) = defined.split_once('{') {
                let (fields, name) = body.rsplit_once('}').unwrap();
                let fields: Vec<_> = fields.split(';').map(single_blanks).filter(|field| !field.is_empty()).collect();
                let fields: Vec<_> = fields.iter().map(|field| rust_parameter(field)).collect();
                found.insert(name.trim().to_string(), format!("struct {{ {} }}", fields.join(", ")));
            } else if let Some(name) = defined.strip_prefix("struct ") {
                found.insert(name.split_whitespace().next().unwrap().to_string(), "opaque".to_string());
            } else if let Some(at) = defined.find("(*") {
                let (name, rest) = defined[at + 2..].split_once(')').unwrap();
                let inside = rest.trim().strip_prefix('(').unwrap().strip_suffix(')').unwrap();
                found.insert(name.to_string(), rust_function_pointer(&defined[..at], inside));
            } else {
                let (kind, name) = defined.split_once(' ').unwrap();
                enumeration = name.to_string();
                found.insert(name.to_string(), rust_type(kind));
            }
        } else {
            panic!("the header has '{statement}', which this test cannot read");
        }
    }
    found
}

/// The statements of C at the outermost level, with single blanks.
fn statements(text: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            break; // of extern "C"
        }
        if character == ';' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(character);
        }
    }
    parts.iter().map(|part| single_blanks(part)).filter(|part| !part.is_empty()).collect()
}

// ---- Rust ----

/// The same of this crate's sources.
pub fn of_rust(sources: &str) -> Declarations {
    let mut found = Declarations::new();
    let text = single_blanks(sources);
    for declared in text.split("pub ").skip(1) {
        if let Some(function) = declared.strip_prefix("fn ") {
            let (name, rest) = function.split_once('(').unwrap();
            let (signature, _) = rest.split_once(';').unwrap();
            let (parameters, result) = signature.rsplit_once(')').unwrap();
            found.insert(name.to_string(), format!("fn({}){result}", split(parameters).join(", ")));
        } else if let Some(constant) = declared.strip_prefix("const ") {
            let (name, rest) = constant.split_once(": ").unwrap();
            found.insert(name.to_string(), rest.split_once(';').unwrap().0.to_string());
        } else if let Some(alias) = declared.strip_prefix("type ") {
            let (name, rest) = alias.split_once('=').unwrap();
            let kind = rest.split_once(';').unwrap().0.trim();
            found.insert(name.trim().to_string(), normal_pointer(kind));
        } else if let Some(structure) = declared.strip_prefix("struct ") {
            let (name, rest) = structure.split_once(" { ").unwrap();
            let is_opaque = rest.starts_with("_opaque: [u8; 0], _owner: Unowned, }");
            found.insert(name.to_string(), if is_opaque { "opaque".to_string() } else { String::new() });
        }
    }
    for structure in ["zimg_key", "zimg_cache_vtable", "zimg_pipeline_vtable"] {
        let (_, rest) = text.split_once(&format!("pub struct {structure} {{")).unwrap();
        let fields = rest.split_once('}').unwrap().0.replace("pub ", "");
        let fields: Vec<_> = split(&fields).iter().map(|field| normal_pointer(field)).collect();
        found.insert(structure.to_string(), format!("struct {{ {} }}", fields.join(", ")));
    }
    found
}

/// A function pointer without the comma and blanks that a line break brings.
fn normal_pointer(text: &str) -> String {
    text.replace("Option< ", "Option<").replace("( ", "(").replace(", )", ")").replace(", >", ">")
}
