//! The lines that cases and answers are made of.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

/// The fields of one case. What nobody asks for is a field that this runner does not know.
pub type Case = BTreeMap<String, String>;

const ESCAPES: [(char, char); 5] = [('\\', '\\'), ('\n', 'n'), ('\r', 'r'), ('\t', 't'), ('\0', '0')];

fn unescape(text: &str) -> String {
    let mut characters = text.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        let letter = characters.next().expect("a letter after a backslash");
        plain.push(ESCAPES.iter().find(|(_, known)| *known == letter).expect("a known escape").0);
    }
    plain
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match ESCAPES.iter().find(|(plain, _)| *plain == character) {
            Some((_, letter)) => escaped.extend(['\\', *letter]),
            None => escaped.push(character),
        }
    }
    escaped
}

pub fn read_cases(path: &Path) -> Vec<Case> {
    let (mut cases, mut case) = (Vec::new(), Case::new());
    for line in fs::read_to_string(path).expect("the cases").split('\n').filter(|line| !line.is_empty()) {
        let (field, value) = line.split_once('\t').expect("a field and a value");
        if field == "end" {
            cases.push(std::mem::take(&mut case));
        } else {
            case.insert(field.to_string(), unescape(value));
        }
    }
    cases
}

/// The answers, as they are given.
pub struct Results {
    pub folder: PathBuf,
    pub name: String,
    pub lines: String,
}

impl Results {
    pub fn write(&mut self, field: &str, value: impl Display) {
        self.lines.push_str(&format!("{field}\t{}\n", escape(&value.to_string())));
    }

    pub fn write_thousandths(&mut self, field: &str, value: f64) {
        self.write(field, (value * 1000.0).round() as i64);
    }

    pub fn write_octets(&self, number: u32, octets: &[u8]) {
        fs::write(self.folder.join(format!("{}.{number}", self.name)), octets).expect("the answer's octets");
    }
}
