//! The enumerations of zimg.h.

use std::fmt;

use crate::enumeration::static_text;
use crate::sys;

enumeration! {
    open
    /// What kind of failure, or none.
    Status {
        Ok = ZIMG_STATUS_OK,
        /// The caller's input is wrong; nothing was done.
        InvalidArgument = ZIMG_STATUS_INVALID_ARGUMENT,
        /// A file, a name, or (only if cached) a picture that is not there.
        NotFound = ZIMG_STATUS_NOT_FOUND,
        /// A model folder that is incomplete, inconsistent or damaged.
        BadModel = ZIMG_STATUS_BAD_MODEL,
        /// Sound input that this build or machine cannot serve.
        Unsupported = ZIMG_STATUS_UNSUPPORTED,
        /// Host or device memory would not do.
        OutOfMemory = ZIMG_STATUS_OUT_OF_MEMORY,
        /// The device failed, or produced NaN or infinite latents.
        Device = ZIMG_STATUS_DEVICE,
        /// The operating system refused a read or write.
        Io = ZIMG_STATUS_IO,
        /// A cache that the caller addressed directly failed.
        Cache = ZIMG_STATUS_CACHE,
        /// The caller asked to stop.
        Cancelled = ZIMG_STATUS_CANCELLED,
        /// A keyword list refuses the prompt.
        Refused = ZIMG_STATUS_REFUSED,
        /// A handle used after close or in a forked child.
        Closed = ZIMG_STATUS_CLOSED,
        /// A defect of zimg, or a callback that threw.
        Internal = ZIMG_STATUS_INTERNAL,
    }
}

named!(Status, zimg_status_name);

enumeration! {
    /// How much of a prompt's spelling is folded away.
    MatchLevel {
        Exact = ZIMG_MATCH_LEVEL_EXACT,
        Normalized = ZIMG_MATCH_LEVEL_NORMALIZED,
        Loose = ZIMG_MATCH_LEVEL_LOOSE,
    }
}

enumeration! {
    /// How the step sizes are laid out.
    Schedule {
        Linear = ZIMG_SCHEDULE_LINEAR,
        LegacyZeroEnd = ZIMG_SCHEDULE_LEGACY_ZERO_END,
        Native = ZIMG_SCHEDULE_NATIVE,
    }
}

enumeration! {
    /// What a request may do with the cache.
    CacheMode {
        /// Found, or drawn and kept.
        Normal = ZIMG_CACHE_MODE_NORMAL,
        /// Drawn: neither found nor kept, nor shared with an equal request.
        Bypass = ZIMG_CACHE_MODE_BYPASS,
        /// Drawn, and what was kept is replaced.
        Refresh = ZIMG_CACHE_MODE_REFRESH,
        /// Found, or ZIMG_STATUS_NOT_FOUND.
        OnlyIfCached = ZIMG_CACHE_MODE_ONLY_IF_CACHED,
        /// Found, or drawn and not kept.
        NoStore = ZIMG_CACHE_MODE_NO_STORE,
    }
}

enumeration! {
    open
    /// How a picture is encoded.
    ImageFormat {
        Png = ZIMG_IMAGE_FORMAT_PNG,
        Jpeg = ZIMG_IMAGE_FORMAT_JPEG,
    }
}

enumeration! {
    /// Where a picture is drawn.
    Device {
        Auto = ZIMG_DEVICE_AUTO,
        Cpu = ZIMG_DEVICE_CPU,
        Cuda = ZIMG_DEVICE_CUDA,
    }
}

enumeration! {
    /// In which numbers a picture is drawn.
    Precision {
        Auto = ZIMG_PRECISION_AUTO,
        Fp32 = ZIMG_PRECISION_FP32,
        Bf16 = ZIMG_PRECISION_BF16,
        Fp16 = ZIMG_PRECISION_FP16,
    }
}

enumeration! {
    /// What of the machine goes into the key; strict promises bit equality.
    Fingerprint {
        Portable = ZIMG_FINGERPRINT_PORTABLE,
        Strict = ZIMG_FINGERPRINT_STRICT,
    }
}

enumeration! {
    /// What of a drawing is kept: its PNG, or only the format that was asked for.
    Kept {
        Lossless = ZIMG_KEPT_LOSSLESS,
        Delivered = ZIMG_KEPT_DELIVERED,
    }
}

enumeration! {
    /// What becomes of a prompt that holds a listed word.
    KeywordAction {
        NoStore = ZIMG_KEYWORD_ACTION_NO_STORE,
        Refuse = ZIMG_KEYWORD_ACTION_REFUSE,
        Tag = ZIMG_KEYWORD_ACTION_TAG,
    }
}

enumeration! {
    open
    /// How a request was answered.
    Outcome {
        Hit = ZIMG_OUTCOME_HIT,
        Drawn = ZIMG_OUTCOME_DRAWN,
        Joined = ZIMG_OUTCOME_JOINED,
    }
}

named!(Outcome, zimg_outcome_name);

enumeration! {
    open
    /// Whether a picture was kept.
    Stored {
        Yes = ZIMG_STORED_YES,
        No = ZIMG_STORED_NO,
        Pending = ZIMG_STORED_PENDING,
    }
}

named!(Stored, zimg_stored_name);

enumeration! {
    /// Where the time of a request went.
    Stage {
        /// Folding, defaults, key.
        Canonicalize = ZIMG_STAGE_CANONICALIZE,
        /// Cache read and its check.
        Lookup = ZIMG_STAGE_LOOKUP,
        /// For the device, or for another request's drawing.
        Wait = ZIMG_STAGE_WAIT,
        /// Opening the engine and loading weights.
        Load = ZIMG_STAGE_LOAD,
        EncodeText = ZIMG_STAGE_ENCODE_TEXT,
        Denoise = ZIMG_STAGE_DENOISE,
        Decode = ZIMG_STAGE_DECODE,
        /// PNG or JPEG, and splicing.
        EncodeImage = ZIMG_STAGE_ENCODE_IMAGE,
        Total = ZIMG_STAGE_TOTAL,
    }
}

enumeration! {
    open
    /// How far a job is.
    JobState {
        Created = ZIMG_JOB_STATE_CREATED,
        Running = ZIMG_JOB_STATE_RUNNING,
        Done = ZIMG_JOB_STATE_DONE,
    }
}

enumeration! {
    open
    /// The first five end a request; the others tell what happened on the way.
    TraceKind {
        Hit = ZIMG_TRACE_KIND_HIT,
        Miss = ZIMG_TRACE_KIND_MISS,
        Joined = ZIMG_TRACE_KIND_JOINED,
        Bypassed = ZIMG_TRACE_KIND_BYPASSED,
        Failed = ZIMG_TRACE_KIND_FAILED,
        Expired = ZIMG_TRACE_KIND_EXPIRED,
        Invalidated = ZIMG_TRACE_KIND_INVALIDATED,
        Filtered = ZIMG_TRACE_KIND_FILTERED,
        Evicted = ZIMG_TRACE_KIND_EVICTED,
        Corrupt = ZIMG_TRACE_KIND_CORRUPT,
    }
}

named!(TraceKind, zimg_trace_kind_name);

enumeration! {
    /// Which latencies: of requests by their answer, then of what was done for them.
    Histogram {
        Hit = ZIMG_HISTOGRAM_HIT,
        Miss = ZIMG_HISTOGRAM_MISS,
        Joined = ZIMG_HISTOGRAM_JOINED,
        Lookup = ZIMG_HISTOGRAM_LOOKUP,
        Draw = ZIMG_HISTOGRAM_DRAW,
        Store = ZIMG_HISTOGRAM_STORE,
    }
}

enumeration! {
    open
    /// What became of an entry that was to be kept.
    StoreOutcome {
        /// Committed.
        Stored = ZIMG_STORE_OUTCOME_STORED,
        /// Not kept: there is no room and nothing may be evicted.
        TooFull = ZIMG_STORE_OUTCOME_TOO_FULL,
        /// Not kept: larger than the cache would ever hold.
        TooLarge = ZIMG_STORE_OUTCOME_TOO_LARGE,
        /// Not kept: more than its namespace may take, or room of another's.
        OverQuota = ZIMG_STORE_OUTCOME_OVER_QUOTA,
    }
}

enumeration! {
    /// A namespace and its rule, for a use.
    Preset {
        PublicDemo = ZIMG_PRESET_PUBLIC_DEMO,
        Personal = ZIMG_PRESET_PERSONAL,
        Batch = ZIMG_PRESET_BATCH,
        AbTest = ZIMG_PRESET_AB_TEST,
    }
}

enumeration! {
    open
    /// Why a prewarming run ended.
    PrewarmEnd {
        AllDone = ZIMG_PREWARM_END_ALL_DONE,
        PicturesSpent = ZIMG_PREWARM_END_PICTURES_SPENT,
        SecondsSpent = ZIMG_PREWARM_END_SECONDS_SPENT,
        BytesSpent = ZIMG_PREWARM_END_BYTES_SPENT,
        Cancelled = ZIMG_PREWARM_END_CANCELLED,
        /// The cache takes no more, so drawing on would be in vain.
        NotStored = ZIMG_PREWARM_END_NOT_STORED,
    }
}

named!(PrewarmEnd, zimg_prewarm_end_name);

enumeration! {
    /// In which numbers weights are written.
    WeightType {
        Fp32 = ZIMG_WEIGHT_TYPE_FP32,
        Bf16 = ZIMG_WEIGHT_TYPE_BF16,
        Fp16 = ZIMG_WEIGHT_TYPE_FP16,
    }
}

enumeration! {
    /// What a build of the library may have or lack.
    Feature {
        /// An engine module was built with it.
        Engine = ZIMG_FEATURE_ENGINE,
        /// Keyword lists take traditional and simplified Chinese as one.
        SimplifiedChinese = ZIMG_FEATURE_SIMPLIFIED_CHINESE,
    }
}

enumeration! {
    /// What the counts of zimg_tally, zimg_stats and zimg_metrics are of. Each has those that its own function names.
    Count {
        Entries = ZIMG_COUNT_ENTRIES,
        PayloadBytes = ZIMG_COUNT_PAYLOAD_BYTES,
        /// Of the cache's room, its own bookkeeping included.
        UsedBytes = ZIMG_COUNT_USED_BYTES,
        CapacityBytes = ZIMG_COUNT_CAPACITY_BYTES,
        Hits = ZIMG_COUNT_HITS,
        Misses = ZIMG_COUNT_MISSES,
        Stored = ZIMG_COUNT_STORED,
        Evicted = ZIMG_COUNT_EVICTED,
        Expired = ZIMG_COUNT_EXPIRED,
        /// Failed their check and were erased.
        Corrupt = ZIMG_COUNT_CORRUPT,
        /// Stores that were answered with another outcome than stored.
        Rejected = ZIMG_COUNT_REJECTED,
        Pinned = ZIMG_COUNT_PINNED,
        /// Of the payloads that hits delivered.
        SavedBytes = ZIMG_COUNT_SAVED_BYTES,
        /// When the oldest entry was stored; 0 where there is none.
        OldestMs = ZIMG_COUNT_OLDEST_MS,
        /// Written by a newer zimg, or encrypted: left as they are.
        Unreadable = ZIMG_COUNT_UNREADABLE,
        /// Damaged, expired or gone by the time they were read.
        LeftOut = ZIMG_COUNT_LEFT_OUT,
        Refused = ZIMG_COUNT_REFUSED,
        ReadBytes = ZIMG_COUNT_READ_BYTES,
        FileBytes = ZIMG_COUNT_FILE_BYTES,
        /// 1: the end of the bundle was reached and it holds what it says.
        IsWhole = ZIMG_COUNT_IS_WHOLE,
        Lost = ZIMG_COUNT_LOST,
        /// Places where the store's own records could not be read.
        TreeDamages = ZIMG_COUNT_TREE_DAMAGES,
        DiskBytesBefore = ZIMG_COUNT_DISK_BYTES_BEFORE,
        DiskBytesAfter = ZIMG_COUNT_DISK_BYTES_AFTER,
        Joined = ZIMG_COUNT_JOINED,
        Bypassed = ZIMG_COUNT_BYPASSED,
        Failed = ZIMG_COUNT_FAILED,
        Invalidated = ZIMG_COUNT_INVALIDATED,
        Filtered = ZIMG_COUNT_FILTERED,
        Drawn = ZIMG_COUNT_DRAWN,
        /// Drawn, and not kept.
        Unstored = ZIMG_COUNT_UNSTORED,
        /// Items in all.
        Listed = ZIMG_COUNT_LISTED,
        /// Items looked up.
        Checked = ZIMG_COUNT_CHECKED,
        /// Pictures that the items ask for.
        Different = ZIMG_COUNT_DIFFERENT,
        /// There before.
        Found = ZIMG_COUNT_FOUND,
        /// Known once all are checked.
        Missing = ZIMG_COUNT_MISSING,
        /// Drawn or failed, of those that were missing.
        Done = ZIMG_COUNT_DONE,
        /// What another run would draw.
        Left = ZIMG_COUNT_LEFT,
        DrawnBytes = ZIMG_COUNT_DRAWN_BYTES,
    }
}
