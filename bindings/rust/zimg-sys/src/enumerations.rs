//! The enumerations: fixed numbers, each with the type that C has for it.

pub type zimg_status = i32;
pub const ZIMG_STATUS_OK: zimg_status = 0;
/// The caller's input is wrong; nothing was done
pub const ZIMG_STATUS_INVALID_ARGUMENT: zimg_status = 1;
/// A file, a name, or (only if cached) a picture that is not there
pub const ZIMG_STATUS_NOT_FOUND: zimg_status = 2;
/// A model folder that is incomplete, inconsistent or damaged
pub const ZIMG_STATUS_BAD_MODEL: zimg_status = 3;
/// Sound input that this build or machine cannot serve
pub const ZIMG_STATUS_UNSUPPORTED: zimg_status = 4;
/// Host or device memory would not do
pub const ZIMG_STATUS_OUT_OF_MEMORY: zimg_status = 5;
/// The device failed, or produced NaN or infinite latents
pub const ZIMG_STATUS_DEVICE: zimg_status = 6;
/// The operating system refused a read or write
pub const ZIMG_STATUS_IO: zimg_status = 7;
/// A cache that the caller addressed directly failed
pub const ZIMG_STATUS_CACHE: zimg_status = 8;
/// The caller asked to stop
pub const ZIMG_STATUS_CANCELLED: zimg_status = 9;
/// A keyword list refuses the prompt
pub const ZIMG_STATUS_REFUSED: zimg_status = 10;
/// A handle used after close or in a forked child
pub const ZIMG_STATUS_CLOSED: zimg_status = 11;
/// A defect of zimg, or a callback that threw
pub const ZIMG_STATUS_INTERNAL: zimg_status = 12;

/// How much of a prompt's spelling is folded away
pub type zimg_match_level = i32;
pub const ZIMG_MATCH_LEVEL_EXACT: zimg_match_level = 0;
pub const ZIMG_MATCH_LEVEL_NORMALIZED: zimg_match_level = 1;
pub const ZIMG_MATCH_LEVEL_LOOSE: zimg_match_level = 2;

/// How the step sizes are laid out
pub type zimg_schedule = i32;
pub const ZIMG_SCHEDULE_LINEAR: zimg_schedule = 0;
pub const ZIMG_SCHEDULE_LEGACY_ZERO_END: zimg_schedule = 1;
pub const ZIMG_SCHEDULE_NATIVE: zimg_schedule = 2;

/// What a request may do with the cache
pub type zimg_cache_mode = i32;
/// Found, or drawn and kept
pub const ZIMG_CACHE_MODE_NORMAL: zimg_cache_mode = 0;
/// Drawn: neither found nor kept, nor shared with an equal request
pub const ZIMG_CACHE_MODE_BYPASS: zimg_cache_mode = 1;
/// Drawn, and what was kept is replaced
pub const ZIMG_CACHE_MODE_REFRESH: zimg_cache_mode = 2;
/// Found, or ZIMG_STATUS_NOT_FOUND
pub const ZIMG_CACHE_MODE_ONLY_IF_CACHED: zimg_cache_mode = 3;
/// Found, or drawn and not kept
pub const ZIMG_CACHE_MODE_NO_STORE: zimg_cache_mode = 4;

pub type zimg_image_format = i32;
pub const ZIMG_IMAGE_FORMAT_PNG: zimg_image_format = 1;
pub const ZIMG_IMAGE_FORMAT_JPEG: zimg_image_format = 2;

pub type zimg_device = i32;
pub const ZIMG_DEVICE_AUTO: zimg_device = 0;
pub const ZIMG_DEVICE_CPU: zimg_device = 1;
pub const ZIMG_DEVICE_CUDA: zimg_device = 2;

pub type zimg_precision = i32;
pub const ZIMG_PRECISION_AUTO: zimg_precision = 0;
pub const ZIMG_PRECISION_FP32: zimg_precision = 1;
pub const ZIMG_PRECISION_BF16: zimg_precision = 2;
pub const ZIMG_PRECISION_FP16: zimg_precision = 3;

/// What of the machine goes into the key; strict promises bit equality
pub type zimg_fingerprint = i32;
pub const ZIMG_FINGERPRINT_PORTABLE: zimg_fingerprint = 0;
pub const ZIMG_FINGERPRINT_STRICT: zimg_fingerprint = 1;

/// What of a drawing is kept: its PNG, or only the format that was asked for
pub type zimg_kept = i32;
pub const ZIMG_KEPT_LOSSLESS: zimg_kept = 0;
pub const ZIMG_KEPT_DELIVERED: zimg_kept = 1;

/// What becomes of a prompt that holds a listed word
pub type zimg_keyword_action = i32;
pub const ZIMG_KEYWORD_ACTION_NO_STORE: zimg_keyword_action = 0;
pub const ZIMG_KEYWORD_ACTION_REFUSE: zimg_keyword_action = 1;
pub const ZIMG_KEYWORD_ACTION_TAG: zimg_keyword_action = 2;

pub type zimg_outcome = i32;
pub const ZIMG_OUTCOME_HIT: zimg_outcome = 0;
pub const ZIMG_OUTCOME_DRAWN: zimg_outcome = 1;
pub const ZIMG_OUTCOME_JOINED: zimg_outcome = 2;

pub type zimg_stored = i32;
pub const ZIMG_STORED_YES: zimg_stored = 0;
pub const ZIMG_STORED_NO: zimg_stored = 1;
pub const ZIMG_STORED_PENDING: zimg_stored = 2;

/// Where the time of a request went
pub type zimg_stage = i32;
/// Folding, defaults, key
pub const ZIMG_STAGE_CANONICALIZE: zimg_stage = 0;
/// Cache read and its check
pub const ZIMG_STAGE_LOOKUP: zimg_stage = 1;
/// For the device, or for another request's drawing
pub const ZIMG_STAGE_WAIT: zimg_stage = 2;
/// Opening the engine and loading weights
pub const ZIMG_STAGE_LOAD: zimg_stage = 3;
pub const ZIMG_STAGE_ENCODE_TEXT: zimg_stage = 4;
pub const ZIMG_STAGE_DENOISE: zimg_stage = 5;
pub const ZIMG_STAGE_DECODE: zimg_stage = 6;
/// PNG or JPEG, and splicing
pub const ZIMG_STAGE_ENCODE_IMAGE: zimg_stage = 7;
pub const ZIMG_STAGE_TOTAL: zimg_stage = 8;

pub type zimg_job_state = i32;
pub const ZIMG_JOB_STATE_CREATED: zimg_job_state = 0;
pub const ZIMG_JOB_STATE_RUNNING: zimg_job_state = 1;
pub const ZIMG_JOB_STATE_DONE: zimg_job_state = 2;

/// The first five end a request; the others tell what happened on the way
pub type zimg_trace_kind = i32;
pub const ZIMG_TRACE_KIND_HIT: zimg_trace_kind = 0;
pub const ZIMG_TRACE_KIND_MISS: zimg_trace_kind = 1;
pub const ZIMG_TRACE_KIND_JOINED: zimg_trace_kind = 2;
pub const ZIMG_TRACE_KIND_BYPASSED: zimg_trace_kind = 3;
pub const ZIMG_TRACE_KIND_FAILED: zimg_trace_kind = 4;
pub const ZIMG_TRACE_KIND_EXPIRED: zimg_trace_kind = 5;
pub const ZIMG_TRACE_KIND_INVALIDATED: zimg_trace_kind = 6;
pub const ZIMG_TRACE_KIND_FILTERED: zimg_trace_kind = 7;
pub const ZIMG_TRACE_KIND_EVICTED: zimg_trace_kind = 8;
pub const ZIMG_TRACE_KIND_CORRUPT: zimg_trace_kind = 9;

/// Which latencies: of requests by their answer, then of what was done for them
pub type zimg_histogram = i32;
pub const ZIMG_HISTOGRAM_HIT: zimg_histogram = 0;
pub const ZIMG_HISTOGRAM_MISS: zimg_histogram = 1;
pub const ZIMG_HISTOGRAM_JOINED: zimg_histogram = 2;
pub const ZIMG_HISTOGRAM_LOOKUP: zimg_histogram = 3;
pub const ZIMG_HISTOGRAM_DRAW: zimg_histogram = 4;
pub const ZIMG_HISTOGRAM_STORE: zimg_histogram = 5;

pub type zimg_store_outcome = i32;
/// Committed
pub const ZIMG_STORE_OUTCOME_STORED: zimg_store_outcome = 0;
/// Not kept: there is no room and nothing may be evicted
pub const ZIMG_STORE_OUTCOME_TOO_FULL: zimg_store_outcome = 1;
/// Not kept: larger than the cache would ever hold
pub const ZIMG_STORE_OUTCOME_TOO_LARGE: zimg_store_outcome = 2;
/// Not kept: more than its namespace may take, or room of another's
pub const ZIMG_STORE_OUTCOME_OVER_QUOTA: zimg_store_outcome = 3;

pub type zimg_preset = i32;
pub const ZIMG_PRESET_PUBLIC_DEMO: zimg_preset = 0;
pub const ZIMG_PRESET_PERSONAL: zimg_preset = 1;
pub const ZIMG_PRESET_BATCH: zimg_preset = 2;
pub const ZIMG_PRESET_AB_TEST: zimg_preset = 3;

pub type zimg_prewarm_end = i32;
pub const ZIMG_PREWARM_END_ALL_DONE: zimg_prewarm_end = 0;
pub const ZIMG_PREWARM_END_PICTURES_SPENT: zimg_prewarm_end = 1;
pub const ZIMG_PREWARM_END_SECONDS_SPENT: zimg_prewarm_end = 2;
pub const ZIMG_PREWARM_END_BYTES_SPENT: zimg_prewarm_end = 3;
pub const ZIMG_PREWARM_END_CANCELLED: zimg_prewarm_end = 4;
/// The cache takes no more, so drawing on would be in vain
pub const ZIMG_PREWARM_END_NOT_STORED: zimg_prewarm_end = 5;

pub type zimg_weight_type = i32;
pub const ZIMG_WEIGHT_TYPE_FP32: zimg_weight_type = 0;
pub const ZIMG_WEIGHT_TYPE_BF16: zimg_weight_type = 1;
pub const ZIMG_WEIGHT_TYPE_FP16: zimg_weight_type = 2;

/// What a build of the library may have or lack
pub type zimg_feature = i32;
/// An engine module was built with it
pub const ZIMG_FEATURE_ENGINE: zimg_feature = 0;
/// Keyword lists take traditional and simplified Chinese as one
pub const ZIMG_FEATURE_SIMPLIFIED_CHINESE: zimg_feature = 1;

/// What the counts of zimg_tally, zimg_stats and zimg_metrics are of. Each has those that its own
/// function names.
pub type zimg_count = i32;
pub const ZIMG_COUNT_ENTRIES: zimg_count = 0;
pub const ZIMG_COUNT_PAYLOAD_BYTES: zimg_count = 1;
/// Of the cache's room, its own bookkeeping included
pub const ZIMG_COUNT_USED_BYTES: zimg_count = 2;
pub const ZIMG_COUNT_CAPACITY_BYTES: zimg_count = 3;
pub const ZIMG_COUNT_HITS: zimg_count = 4;
pub const ZIMG_COUNT_MISSES: zimg_count = 5;
pub const ZIMG_COUNT_STORED: zimg_count = 6;
pub const ZIMG_COUNT_EVICTED: zimg_count = 7;
pub const ZIMG_COUNT_EXPIRED: zimg_count = 8;
/// Failed their check and were erased
pub const ZIMG_COUNT_CORRUPT: zimg_count = 9;
/// Stores that were answered with another outcome than stored
pub const ZIMG_COUNT_REJECTED: zimg_count = 10;
pub const ZIMG_COUNT_PINNED: zimg_count = 11;
/// Of the payloads that hits delivered
pub const ZIMG_COUNT_SAVED_BYTES: zimg_count = 12;
/// When the oldest entry was stored; 0 where there is none
pub const ZIMG_COUNT_OLDEST_MS: zimg_count = 13;
/// Written by a newer zimg, or encrypted: left as they are
pub const ZIMG_COUNT_UNREADABLE: zimg_count = 14;
/// Damaged, expired or gone by the time they were read
pub const ZIMG_COUNT_LEFT_OUT: zimg_count = 15;
pub const ZIMG_COUNT_REFUSED: zimg_count = 16;
pub const ZIMG_COUNT_READ_BYTES: zimg_count = 17;
pub const ZIMG_COUNT_FILE_BYTES: zimg_count = 18;
/// 1: the end of the bundle was reached and it holds what it says
pub const ZIMG_COUNT_IS_WHOLE: zimg_count = 19;
pub const ZIMG_COUNT_LOST: zimg_count = 20;
/// Places where the store's own records could not be read
pub const ZIMG_COUNT_TREE_DAMAGES: zimg_count = 21;
pub const ZIMG_COUNT_DISK_BYTES_BEFORE: zimg_count = 22;
pub const ZIMG_COUNT_DISK_BYTES_AFTER: zimg_count = 23;
pub const ZIMG_COUNT_JOINED: zimg_count = 24;
pub const ZIMG_COUNT_BYPASSED: zimg_count = 25;
pub const ZIMG_COUNT_FAILED: zimg_count = 26;
pub const ZIMG_COUNT_INVALIDATED: zimg_count = 27;
pub const ZIMG_COUNT_FILTERED: zimg_count = 28;
pub const ZIMG_COUNT_DRAWN: zimg_count = 29;
/// Drawn, and not kept
pub const ZIMG_COUNT_UNSTORED: zimg_count = 30;
/// Items in all
pub const ZIMG_COUNT_LISTED: zimg_count = 31;
/// Items looked up
pub const ZIMG_COUNT_CHECKED: zimg_count = 32;
/// Pictures that the items ask for
pub const ZIMG_COUNT_DIFFERENT: zimg_count = 33;
/// There before
pub const ZIMG_COUNT_FOUND: zimg_count = 34;
/// Known once all are checked
pub const ZIMG_COUNT_MISSING: zimg_count = 35;
/// Drawn or failed, of those that were missing
pub const ZIMG_COUNT_DONE: zimg_count = 36;
/// What another run would draw
pub const ZIMG_COUNT_LEFT: zimg_count = 37;
pub const ZIMG_COUNT_DRAWN_BYTES: zimg_count = 38;
