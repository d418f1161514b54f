//! Model folders.

use std::os::raw::c_int;
use std::path::{Path, PathBuf};
use std::ptr;

use crate::callback::{on_bytes, Lent, OnBytes};
use crate::error::{check, given, made};
use crate::text::{bytes_of, copy_of, octets, parts, take_path};
use crate::{sys, Result, WeightType};

/// The folder of the built-in model.
pub fn builtin_model_path() -> Result<PathBuf> {
    let raw = made(|out, error| unsafe { sys::zimg_builtin_model_path(out, error) })?;
    Ok(unsafe { take_path(raw) })
}

/// Rewrites the model at `path` into the folder `out`, which appears whole or not at all. `on_progress` is told bytes done
/// and bytes in all.
pub fn convert_model(
    path: impl AsRef<Path>,
    out: impl AsRef<Path>,
    weights: WeightType,
    mut on_progress: impl FnMut(u64, u64) + Send,
) -> Result<()> {
    let function: &mut OnBytes<'_> = &mut on_progress;
    let lent = Lent::new(function);
    let ((from, from_size), (to, to_size)) = (parts!(octets(path.as_ref())), parts!(octets(out.as_ref())));
    let (weights, progress, data) = (weights.into_raw(), Some(on_bytes as _), lent.user_data());
    let result =
        check(|error| unsafe { sys::zimg_model_convert(from, from_size, to, to_size, weights, progress, data, error) });
    lent.check(result)
}

/// What was found in a model folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    pub path: String,
    pub name: String,
    pub layout: String,
    /// Empty unless it was asked for.
    pub identity: String,
    /// Defaults of requests, and what sizes may be.
    pub width: u32,
    pub height: u32,
    pub size_step: u32,
    pub max_side: u32,
    pub steps: u32,
    pub guidance: f64,
    pub shift: f64,
    pub parts: Vec<Part>,
    /// What is wrong with the model, one sentence each; none: it is sound.
    pub problems: Vec<String>,
}

/// A part of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// "text_encoder", "transformer" or "vae".
    pub role: String,
    pub dtypes: String,
    pub tensors: u64,
    pub parameters: u64,
    pub bytes: u64,
    pub files: Vec<String>,
}

impl Inspection {
    /// Checks every tensor's name, shape, dtype and place. The identity, which takes hashing all files, is only there where
    /// `has_identity` is set.
    pub fn of(path: impl AsRef<Path>, has_identity: bool) -> Result<Self> {
        let (data, size) = parts!(octets(path.as_ref()));
        let has_identity = c_int::from(has_identity);
        let raw = made(|out, error| unsafe { sys::zimg_model_inspect(data, size, has_identity, out, error) })?;
        unsafe {
            let inspection = Self {
                path: copy_of(|size| sys::zimg_inspection_path(raw, size)),
                name: copy_of(|size| sys::zimg_inspection_name(raw, size)),
                layout: copy_of(|size| sys::zimg_inspection_layout(raw, size)),
                identity: copy_of(|size| sys::zimg_inspection_identity(raw, size)),
                width: sys::zimg_inspection_width(raw),
                height: sys::zimg_inspection_height(raw),
                size_step: sys::zimg_inspection_size_step(raw),
                max_side: sys::zimg_inspection_max_side(raw),
                steps: sys::zimg_inspection_steps(raw),
                guidance: sys::zimg_inspection_guidance(raw),
                shift: sys::zimg_inspection_shift(raw),
                parts: (0..sys::zimg_inspection_part_count(raw)).map(|part| Part::of(raw, part)).collect(),
                problems: (0..sys::zimg_inspection_problem_count(raw))
                    .map(|index| copy_of(|size| sys::zimg_inspection_problem(raw, index, size)))
                    .collect(),
            };
            sys::zimg_inspection_destroy(raw);
            Ok(inspection)
        }
    }
}

impl Part {
    unsafe fn of(raw: *const sys::zimg_inspection, part: usize) -> Self {
        Self {
            role: copy_of(|size| sys::zimg_inspection_part_role(raw, part, size)),
            dtypes: copy_of(|size| sys::zimg_inspection_part_dtypes(raw, part, size)),
            tensors: sys::zimg_inspection_part_tensors(raw, part),
            parameters: sys::zimg_inspection_part_parameters(raw, part),
            bytes: sys::zimg_inspection_part_bytes(raw, part),
            files: (0..sys::zimg_inspection_part_file_count(raw, part))
                .map(|index| copy_of(|size| sys::zimg_inspection_part_file(raw, part, index, size)))
                .collect(),
        }
    }
}

handle! {
    /// How a model reads text.
    Tokenizer, zimg_tokenizer, zimg_tokenizer_destroy
}

impl Tokenizer {
    /// Of the model in the folder `model`.
    pub fn open(model: impl AsRef<Path>) -> Result<Self> {
        let (data, size) = parts!(octets(model.as_ref()));
        let raw = made(|out, error| unsafe { sys::zimg_tokenizer_open(data, size, out, error) })?;
        Ok(unsafe { Self::own(raw) })
    }

    /// The ids of `text` as it stands.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        self.ids(text, 0)
    }

    /// The ids of `prompt` in the prompt template, cut to 512.
    pub fn encode_prompt(&self, prompt: &str) -> Result<Vec<u32>> {
        self.ids(prompt, 1)
    }

    fn ids(&self, text: &str, is_prompt: c_int) -> Result<Vec<u32>> {
        let (data, size) = parts!(text);
        let encode = |ids: *mut u32, capacity: usize| -> Result<usize> {
            given(|count, error| unsafe {
                sys::zimg_tokenizer_encode(self.as_ptr(), data, size, is_prompt, ids, capacity, count, error)
            })
        };
        let mut ids = vec![0; encode(ptr::null_mut(), 0)?];
        let count = encode(ids.as_mut_ptr(), ids.len())?;
        ids.truncate(count);
        Ok(ids)
    }

    /// The octets that one id stands for; none for an unused id.
    pub fn piece(&self, id: u32) -> Result<Vec<u8>> {
        let raw = made(|out, error| unsafe { sys::zimg_tokenizer_piece(self.as_ptr(), id, out, error) })?;
        unsafe {
            let piece = bytes_of(|size| sys::zimg_bytes_data(raw, size)).to_vec();
            sys::zimg_bytes_destroy(raw);
            Ok(piece)
        }
    }
}
