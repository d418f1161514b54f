//! The C API of zimg: every declaration of `include/zimg/zimg.h`, under its own name. The conventions, numbered at the
//! top of that header, hold here as they do in C. A program wants the crate `zimg`, which is safe.
//!
//! A test reads the header and fails where a declaration is missing here or is another one.

#![allow(non_camel_case_types)]

mod bundle;
mod cache;
mod cancel_token;
mod entry;
mod enumerations;
mod error;
mod foreign_cache;
mod foreign_pipeline;
mod generator;
mod handles;
mod job;
mod key;
mod library;
mod model;
mod options;
mod picture;
mod policy;
mod prewarm;
mod report;
mod request;
mod stats;
mod telemetry;

pub use bundle::*;
pub use cache::*;
pub use cancel_token::*;
pub use entry::*;
pub use enumerations::*;
pub use error::*;
pub use foreign_cache::*;
pub use foreign_pipeline::*;
pub use generator::*;
pub use handles::*;
pub use job::*;
pub use key::*;
pub use library::*;
pub use model::*;
pub use options::*;
pub use picture::*;
pub use policy::*;
pub use prewarm::*;
pub use report::*;
pub use request::*;
pub use stats::*;
pub use telemetry::*;

/// Of the header that this crate mirrors. [`zimg_abi_version`] is that of the library.
pub const ZIMG_ABI_MAJOR: u32 = 0;
pub const ZIMG_ABI_MINOR: u32 = 1;
