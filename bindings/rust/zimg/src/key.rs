//! Names of pictures.

use std::fmt;
use std::os::raw::c_char;
use std::str::FromStr;

use crate::error::{check, made, Error};
use crate::text::{copy_of, parts, take_text};
use crate::{sys, Result};

/// Names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request. Its text is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Key(pub [u8; 32]);

impl Key {
    pub(crate) fn as_ptr(&self) -> *const sys::zimg_key {
        (self as *const Self).cast()
    }
}

impl From<sys::zimg_key> for Key {
    fn from(key: sys::zimg_key) -> Self {
        Self(key.bytes)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0u8; 65];
        let (data, size) = (digits.as_mut_ptr().cast::<c_char>(), digits.len());
        check(|error| unsafe { sys::zimg_key_to_hex(self.as_ptr(), data, size, error) }).map_err(|_| fmt::Error)?;
        formatter.pad(std::str::from_utf8(&digits[..64]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({self})")
    }
}

impl FromStr for Key {
    type Err = Error;

    /// 64 hexadecimal digits of either case.
    fn from_str(text: &str) -> Result<Self> {
        let (data, size) = parts!(text);
        key_of(|key, error| unsafe { sys::zimg_key_from_hex(data, size, key, error) })
    }
}

fn key_of(call: impl FnOnce(*mut sys::zimg_key, *mut *mut sys::zimg_error) -> sys::zimg_status) -> Result<Key> {
    let mut key = sys::zimg_key { bytes: [0; 32] };
    check(|error| call(&mut key, error))?;
    Ok(key.into())
}

/// One field of what a key is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyField {
    pub tag: u16,
    pub name: String,
    pub value: String,
    /// `false`: shown for completeness, not in the key.
    pub is_live: bool,
}

pub(crate) unsafe fn take_fields(raw: *mut sys::zimg_key_fields) -> Vec<KeyField> {
    let fields = (0..sys::zimg_key_fields_count(raw))
        .map(|index| KeyField {
            tag: sys::zimg_key_fields_tag(raw, index),
            name: copy_of(|size| sys::zimg_key_fields_name(raw, index, size)),
            value: copy_of(|size| sys::zimg_key_fields_value(raw, index, size)),
            is_live: sys::zimg_key_fields_is_live(raw, index) != 0,
        })
        .collect();
    sys::zimg_key_fields_destroy(raw);
    fields
}

/// The key of a published article, bit for bit, for programs that share its store. `config` is a JSON object with
/// `resolution`, `steps`, `cfg_scale` and `model_version`.
pub fn article_key(prompt: &str, negative_prompt: &str, config: &str) -> Result<Key> {
    let ((a, a_size), (b, b_size), (c, c_size)) = (parts!(prompt), parts!(negative_prompt), parts!(config));
    key_of(|key, error| unsafe { sys::zimg_article_key(a, a_size, b, b_size, c, c_size, key, error) })
}

/// The text that [`article_key`] is the SHA-256 of.
pub fn article_text(prompt: &str, negative_prompt: &str, config: &str) -> Result<String> {
    let ((a, a_size), (b, b_size), (c, c_size)) = (parts!(prompt), parts!(negative_prompt), parts!(config));
    let raw = made(|out, error| unsafe { sys::zimg_article_text(a, a_size, b, b_size, c, c_size, out, error) })?;
    Ok(unsafe { take_text(raw) })
}

/// [`article_key`] of one JSON object with `prompt`, `negative_prompt` (absent is empty) and `config`.
pub fn article_key_of_json(json: &str) -> Result<Key> {
    let (data, size) = parts!(json);
    key_of(|key, error| unsafe { sys::zimg_article_key_of_json(data, size, key, error) })
}

/// [`article_text`] of such an object.
pub fn article_text_of_json(json: &str) -> Result<String> {
    let (data, size) = parts!(json);
    let raw = made(|out, error| unsafe { sys::zimg_article_text_of_json(data, size, out, error) })?;
    Ok(unsafe { take_text(raw) })
}
