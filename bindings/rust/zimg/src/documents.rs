//! The examples of the pages on Rust, compiled and run.

#[doc = include_str!("../../../../docs/rust.md")]
pub struct Page;

#[doc = include_str!("../../../../docs/rust.zh.md")]
pub struct Twin;
