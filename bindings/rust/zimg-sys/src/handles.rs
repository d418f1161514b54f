//! The opaque handles, and the key, which is a plain value.

use std::marker::{PhantomData, PhantomPinned};

// Neither Send nor Sync nor Unpin: what a handle may do is for the safe layer to say.
type Unowned = PhantomData<(*mut u8, PhantomPinned)>;

/// Why a call failed
#[repr(C)]
pub struct zimg_error {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Text that a call made
#[repr(C)]
pub struct zimg_text {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Immutable octets, shared with whoever else holds them
#[repr(C)]
pub struct zimg_bytes {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a generator is made of
#[repr(C)]
pub struct zimg_options {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Which picture is wanted
#[repr(C)]
pub struct zimg_request {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Stops the requests and runs that carry it
#[repr(C)]
pub struct zimg_cancel_token {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Answers requests
#[repr(C)]
pub struct zimg_generator {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// One request, answered by a thread of its own
#[repr(C)]
pub struct zimg_job {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// A delivered picture and its report
#[repr(C)]
pub struct zimg_result {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// How a picture came about; a view
#[repr(C)]
pub struct zimg_report {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// One step of a drawing; a view
#[repr(C)]
pub struct zimg_progress {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What happened to a request; a view
#[repr(C)]
pub struct zimg_trace_event {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a generator has counted and timed
#[repr(C)]
pub struct zimg_metrics {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a picture key is made of
#[repr(C)]
pub struct zimg_key_fields {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Remembers encoded pictures by key
#[repr(C)]
pub struct zimg_cache {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Which entries stay and which go
#[repr(C)]
pub struct zimg_policy {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// A store on a disk
#[repr(C)]
pub struct zimg_lmdb_options {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// An encoded picture and the facts beside it
#[repr(C)]
pub struct zimg_entry {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Which entries to erase
#[repr(C)]
pub struct zimg_purge_filter {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a cache holds and did
#[repr(C)]
pub struct zimg_stats {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Counts of a run over many entries or pictures
#[repr(C)]
pub struct zimg_tally {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// A list of pictures to have ready
#[repr(C)]
pub struct zimg_prewarm {
    _opaque: [u8; 0],
    _owner: Unowned,
}

#[repr(C)]
pub struct zimg_prewarm_report {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a pipeline is to draw; a view
#[repr(C)]
pub struct zimg_drawing {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Pixels
#[repr(C)]
pub struct zimg_picture {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What a picture file says about itself
#[repr(C)]
pub struct zimg_picture_facts {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// What was found in a model folder
#[repr(C)]
pub struct zimg_inspection {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// How a model reads text
#[repr(C)]
pub struct zimg_tokenizer {
    _opaque: [u8; 0],
    _owner: Unowned,
}

/// Names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request. A plain value, fixed for
/// ever.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct zimg_key {
    pub bytes: [u8; 32],
}
