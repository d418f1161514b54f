//! zimg draws a picture from a prompt with Z-Image-Turbo, and never draws the same picture twice.
//!
//! ```no_run
//! # fn main() -> zimg::Result<()> {
//! let generator = zimg::Generator::new(&zimg::Options::new()?, Some(&zimg::CacheHandle::open("", None)?))?;
//! let picture = generator.generate(&zimg::Request::new("a red circle")?)?;
//! std::fs::write("circle.png", picture.bytes()).expect("circle.png cannot be written");
//! # Ok(())
//! # }
//! ```
//!
//! **Errors.** What can fail returns [`Result`]; an [`Error`] has a [`Status`] and one sentence.
//!
//! **Threads.** Every type here is `Send` and `Sync`. [`Generator`], [`CacheHandle`], [`Job`] and [`CancelToken`] are used
//! through shared references by any threads at once; whatever a setter changes is taken by `&mut`, so one thread at a
//! time writes it.
//!
//! **Drops.** A [`Job`] or [`Drawing`](crate::DrawingFuture) that is dropped is cancelled and waited for. A [`Generator`]
//! that is dropped waits for what it still has to store.
//!
//! **Callbacks** are closures, and traits for a cache ([`Cache`]) or a pipeline ([`Pipeline`]) of one's own. A panic in one
//! is caught: it becomes the error, [`Status::Internal`], of the call that it came from. (In a program that is built with
//! `panic = "abort"` nothing can catch it.)
//!
//! **Forks.** In a forked child the values of the parent may only be dropped; their calls are [`Status::Closed`].
//!
//! [`sys`] is the C API itself.

pub use zimg_sys as sys;

#[cfg(doctest)]
mod compile_fail;
#[cfg(all(doctest, feature = "engine-tests"))]
mod documents;
#[macro_use]
mod enumeration;
#[macro_use]
mod handle;

mod bundle;
mod cache;
mod callback;
mod cancel_token;
mod entry;
mod enumerations;
mod error;
mod foreign_cache;
mod foreign_pipeline;
mod generator;
mod job;
mod key;
mod library;
mod metrics;
mod model;
mod options;
mod picture;
mod policy;
mod prewarm;
mod report;
mod request;
mod stats;
mod store;
mod text;
mod trace;

pub use bundle::{export_bundle, import_bundle, Refused};
pub use cache::{default_cache_path, CacheHandle, PurgeFilter};
pub use cancel_token::CancelToken;
pub use entry::{Entry, EntryView};
pub use enumerations::*;
pub use error::{Error, Result, Status};
pub use foreign_cache::{Cache, Visitor};
pub use foreign_pipeline::{Drawing, Pipeline};
pub use generator::Generator;
pub use job::{DrawingFuture, Job};
pub use key::{article_key, article_key_of_json, article_text, article_text_of_json, Key, KeyField};
pub use library::{abi_version, has_feature, locate_engine, version};
pub use metrics::{histogram_bounds_ms, Metrics};
pub use model::{builtin_model_path, convert_model, Inspection, Part, Tokenizer};
pub use options::Options;
pub use picture::{Picture, PictureFacts, PictureView};
pub use policy::{Policy, Preset};
pub use prewarm::{Prewarm, PrewarmFailure, PrewarmReport};
pub use report::{Delivered, Report, SharedBytes};
pub use request::{Progress, Request};
pub use stats::{NamespaceStats, Stats, Tally, TallyView};
pub use store::{rebuild_store, resize_store, verify_store, LmdbOptions};
pub use trace::TraceEvent;
