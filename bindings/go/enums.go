package zimg

// #include "glue.h"
import "C"

// Status is what kind of failure, or none. It is an error itself, for errors.Is.
type Status int32

const (
	StatusOK              Status = C.ZIMG_STATUS_OK
	StatusInvalidArgument Status = C.ZIMG_STATUS_INVALID_ARGUMENT // the caller's input is wrong; nothing was done
	StatusNotFound        Status = C.ZIMG_STATUS_NOT_FOUND        // a file, a name, or (only if cached) a picture that is not there
	StatusBadModel        Status = C.ZIMG_STATUS_BAD_MODEL        // a model folder that is incomplete, inconsistent or damaged
	StatusUnsupported     Status = C.ZIMG_STATUS_UNSUPPORTED      // sound input that this build or machine cannot serve
	StatusOutOfMemory     Status = C.ZIMG_STATUS_OUT_OF_MEMORY    // host or device memory would not do
	StatusDevice          Status = C.ZIMG_STATUS_DEVICE           // the device failed, or produced NaN or infinite latents
	StatusIO              Status = C.ZIMG_STATUS_IO               // the operating system refused a read or write
	StatusCache           Status = C.ZIMG_STATUS_CACHE            // a cache that the caller addressed directly failed
	StatusCancelled       Status = C.ZIMG_STATUS_CANCELLED        // the caller asked to stop
	StatusRefused         Status = C.ZIMG_STATUS_REFUSED          // a keyword list refuses the prompt
	StatusClosed          Status = C.ZIMG_STATUS_CLOSED           // a handle used after close or in a forked child
	StatusInternal        Status = C.ZIMG_STATUS_INTERNAL         // a defect of zimg, or a callback that threw
)

// String is its name as zimg writes it.
func (value Status) String() string {
	return C.GoString(C.zimg_status_name(C.zimg_status(value)))
}

// MatchLevel is how much of a prompt's spelling is folded away.
type MatchLevel int32

const (
	MatchLevelExact      MatchLevel = C.ZIMG_MATCH_LEVEL_EXACT
	MatchLevelNormalized MatchLevel = C.ZIMG_MATCH_LEVEL_NORMALIZED
	MatchLevelLoose      MatchLevel = C.ZIMG_MATCH_LEVEL_LOOSE
)

// Schedule is how the step sizes are laid out.
type Schedule int32

const (
	ScheduleLinear        Schedule = C.ZIMG_SCHEDULE_LINEAR
	ScheduleLegacyZeroEnd Schedule = C.ZIMG_SCHEDULE_LEGACY_ZERO_END
	ScheduleNative        Schedule = C.ZIMG_SCHEDULE_NATIVE
)

// CacheMode is what a request may do with the cache.
type CacheMode int32

const (
	CacheModeNormal       CacheMode = C.ZIMG_CACHE_MODE_NORMAL         // found, or drawn and kept
	CacheModeBypass       CacheMode = C.ZIMG_CACHE_MODE_BYPASS         // drawn: neither found nor kept, nor shared with an equal request
	CacheModeRefresh      CacheMode = C.ZIMG_CACHE_MODE_REFRESH        // drawn, and what was kept is replaced
	CacheModeOnlyIfCached CacheMode = C.ZIMG_CACHE_MODE_ONLY_IF_CACHED // found, or ZIMG_STATUS_NOT_FOUND
	CacheModeNoStore      CacheMode = C.ZIMG_CACHE_MODE_NO_STORE       // found, or drawn and not kept
)

// ImageFormat is how a picture is encoded.
type ImageFormat int32

const (
	ImageFormatPNG  ImageFormat = C.ZIMG_IMAGE_FORMAT_PNG
	ImageFormatJPEG ImageFormat = C.ZIMG_IMAGE_FORMAT_JPEG
)

// Device is where a picture is drawn.
type Device int32

const (
	DeviceAuto Device = C.ZIMG_DEVICE_AUTO
	DeviceCPU  Device = C.ZIMG_DEVICE_CPU
	DeviceCUDA Device = C.ZIMG_DEVICE_CUDA
)

// Precision is in which numbers a picture is drawn.
type Precision int32

const (
	PrecisionAuto Precision = C.ZIMG_PRECISION_AUTO
	PrecisionFP32 Precision = C.ZIMG_PRECISION_FP32
	PrecisionBF16 Precision = C.ZIMG_PRECISION_BF16
	PrecisionFP16 Precision = C.ZIMG_PRECISION_FP16
)

// Fingerprint is what of the machine goes into the key; strict promises bit equality.
type Fingerprint int32

const (
	FingerprintPortable Fingerprint = C.ZIMG_FINGERPRINT_PORTABLE
	FingerprintStrict   Fingerprint = C.ZIMG_FINGERPRINT_STRICT
)

// Kept is what of a drawing is kept: its PNG, or only the format that was asked for.
type Kept int32

const (
	KeptLossless  Kept = C.ZIMG_KEPT_LOSSLESS
	KeptDelivered Kept = C.ZIMG_KEPT_DELIVERED
)

// KeywordAction is what becomes of a prompt that holds a listed word.
type KeywordAction int32

const (
	KeywordActionNoStore KeywordAction = C.ZIMG_KEYWORD_ACTION_NO_STORE
	KeywordActionRefuse  KeywordAction = C.ZIMG_KEYWORD_ACTION_REFUSE
	KeywordActionTag     KeywordAction = C.ZIMG_KEYWORD_ACTION_TAG
)

// Outcome is how a request was answered.
type Outcome int32

const (
	OutcomeHit    Outcome = C.ZIMG_OUTCOME_HIT
	OutcomeDrawn  Outcome = C.ZIMG_OUTCOME_DRAWN
	OutcomeJoined Outcome = C.ZIMG_OUTCOME_JOINED
)

// String is its name as zimg writes it.
func (value Outcome) String() string {
	return C.GoString(C.zimg_outcome_name(C.zimg_outcome(value)))
}

// Stored is whether a picture was kept.
type Stored int32

const (
	StoredYes     Stored = C.ZIMG_STORED_YES
	StoredNo      Stored = C.ZIMG_STORED_NO
	StoredPending Stored = C.ZIMG_STORED_PENDING
)

// String is its name as zimg writes it.
func (value Stored) String() string {
	return C.GoString(C.zimg_stored_name(C.zimg_stored(value)))
}

// Stage is where the time of a request went.
type Stage int32

const (
	StageCanonicalize Stage = C.ZIMG_STAGE_CANONICALIZE // folding, defaults, key
	StageLookup       Stage = C.ZIMG_STAGE_LOOKUP       // cache read and its check
	StageWait         Stage = C.ZIMG_STAGE_WAIT         // for the device, or for another request's drawing
	StageLoad         Stage = C.ZIMG_STAGE_LOAD         // opening the engine and loading weights
	StageEncodeText   Stage = C.ZIMG_STAGE_ENCODE_TEXT
	StageDenoise      Stage = C.ZIMG_STAGE_DENOISE
	StageDecode       Stage = C.ZIMG_STAGE_DECODE
	StageEncodeImage  Stage = C.ZIMG_STAGE_ENCODE_IMAGE // PNG or JPEG, and splicing
	StageTotal        Stage = C.ZIMG_STAGE_TOTAL
)

// JobState is how far a job is.
type JobState int32

const (
	JobStateCreated JobState = C.ZIMG_JOB_STATE_CREATED
	JobStateRunning JobState = C.ZIMG_JOB_STATE_RUNNING
	JobStateDone    JobState = C.ZIMG_JOB_STATE_DONE
)

// TraceKind is what happened; the first five end a request, the others tell what happened on the way.
type TraceKind int32

const (
	TraceKindHit         TraceKind = C.ZIMG_TRACE_KIND_HIT
	TraceKindMiss        TraceKind = C.ZIMG_TRACE_KIND_MISS
	TraceKindJoined      TraceKind = C.ZIMG_TRACE_KIND_JOINED
	TraceKindBypassed    TraceKind = C.ZIMG_TRACE_KIND_BYPASSED
	TraceKindFailed      TraceKind = C.ZIMG_TRACE_KIND_FAILED
	TraceKindExpired     TraceKind = C.ZIMG_TRACE_KIND_EXPIRED
	TraceKindInvalidated TraceKind = C.ZIMG_TRACE_KIND_INVALIDATED
	TraceKindFiltered    TraceKind = C.ZIMG_TRACE_KIND_FILTERED
	TraceKindEvicted     TraceKind = C.ZIMG_TRACE_KIND_EVICTED
	TraceKindCorrupt     TraceKind = C.ZIMG_TRACE_KIND_CORRUPT
)

// String is its name as zimg writes it.
func (value TraceKind) String() string {
	return C.GoString(C.zimg_trace_kind_name(C.zimg_trace_kind(value)))
}

// Histogram is which latencies: of requests by their answer, then of what was done for them.
type Histogram int32

const (
	HistogramHit    Histogram = C.ZIMG_HISTOGRAM_HIT
	HistogramMiss   Histogram = C.ZIMG_HISTOGRAM_MISS
	HistogramJoined Histogram = C.ZIMG_HISTOGRAM_JOINED
	HistogramLookup Histogram = C.ZIMG_HISTOGRAM_LOOKUP
	HistogramDraw   Histogram = C.ZIMG_HISTOGRAM_DRAW
	HistogramStore  Histogram = C.ZIMG_HISTOGRAM_STORE
)

// StoreOutcome is what became of an entry that was to be kept.
type StoreOutcome int32

const (
	StoreOutcomeStored    StoreOutcome = C.ZIMG_STORE_OUTCOME_STORED     // committed
	StoreOutcomeTooFull   StoreOutcome = C.ZIMG_STORE_OUTCOME_TOO_FULL   // not kept: there is no room and nothing may be evicted
	StoreOutcomeTooLarge  StoreOutcome = C.ZIMG_STORE_OUTCOME_TOO_LARGE  // not kept: larger than the cache would ever hold
	StoreOutcomeOverQuota StoreOutcome = C.ZIMG_STORE_OUTCOME_OVER_QUOTA // not kept: more than its namespace may take, or room of another's
)

// Preset is a namespace and its rule, for a use.
type Preset int32

const (
	PresetPublicDemo Preset = C.ZIMG_PRESET_PUBLIC_DEMO
	PresetPersonal   Preset = C.ZIMG_PRESET_PERSONAL
	PresetBatch      Preset = C.ZIMG_PRESET_BATCH
	PresetABTest     Preset = C.ZIMG_PRESET_AB_TEST
)

// PrewarmEnd is why a prewarming run ended.
type PrewarmEnd int32

const (
	PrewarmEndAllDone       PrewarmEnd = C.ZIMG_PREWARM_END_ALL_DONE
	PrewarmEndPicturesSpent PrewarmEnd = C.ZIMG_PREWARM_END_PICTURES_SPENT
	PrewarmEndSecondsSpent  PrewarmEnd = C.ZIMG_PREWARM_END_SECONDS_SPENT
	PrewarmEndBytesSpent    PrewarmEnd = C.ZIMG_PREWARM_END_BYTES_SPENT
	PrewarmEndCancelled     PrewarmEnd = C.ZIMG_PREWARM_END_CANCELLED
	PrewarmEndNotStored     PrewarmEnd = C.ZIMG_PREWARM_END_NOT_STORED // the cache takes no more, so drawing on would be in vain
)

// String is its name as zimg writes it.
func (value PrewarmEnd) String() string {
	return C.GoString(C.zimg_prewarm_end_name(C.zimg_prewarm_end(value)))
}

// WeightType is in which numbers weights are written.
type WeightType int32

const (
	WeightTypeFP32 WeightType = C.ZIMG_WEIGHT_TYPE_FP32
	WeightTypeBF16 WeightType = C.ZIMG_WEIGHT_TYPE_BF16
	WeightTypeFP16 WeightType = C.ZIMG_WEIGHT_TYPE_FP16
)

// Feature is what a build of the library may have or lack.
type Feature int32

const (
	FeatureEngine            Feature = C.ZIMG_FEATURE_ENGINE             // an engine module was built with it
	FeatureSimplifiedChinese Feature = C.ZIMG_FEATURE_SIMPLIFIED_CHINESE // keyword lists take traditional and simplified Chinese as one
)

// Count is what the counts of a Tally, of Stats and of Metrics are of. Each has those that its own method names.
type Count int32

const (
	CountEntries         Count = C.ZIMG_COUNT_ENTRIES
	CountPayloadBytes    Count = C.ZIMG_COUNT_PAYLOAD_BYTES
	CountUsedBytes       Count = C.ZIMG_COUNT_USED_BYTES // of the cache's room, its own bookkeeping included
	CountCapacityBytes   Count = C.ZIMG_COUNT_CAPACITY_BYTES
	CountHits            Count = C.ZIMG_COUNT_HITS
	CountMisses          Count = C.ZIMG_COUNT_MISSES
	CountStored          Count = C.ZIMG_COUNT_STORED
	CountEvicted         Count = C.ZIMG_COUNT_EVICTED
	CountExpired         Count = C.ZIMG_COUNT_EXPIRED
	CountCorrupt         Count = C.ZIMG_COUNT_CORRUPT  // failed their check and were erased
	CountRejected        Count = C.ZIMG_COUNT_REJECTED // stores that were answered with another outcome than stored
	CountPinned          Count = C.ZIMG_COUNT_PINNED
	CountSavedBytes      Count = C.ZIMG_COUNT_SAVED_BYTES // of the payloads that hits delivered
	CountOldestMS        Count = C.ZIMG_COUNT_OLDEST_MS   // when the oldest entry was stored; 0 where there is none
	CountUnreadable      Count = C.ZIMG_COUNT_UNREADABLE  // written by a newer zimg, or encrypted: left as they are
	CountLeftOut         Count = C.ZIMG_COUNT_LEFT_OUT    // damaged, expired or gone by the time they were read
	CountRefused         Count = C.ZIMG_COUNT_REFUSED
	CountReadBytes       Count = C.ZIMG_COUNT_READ_BYTES
	CountFileBytes       Count = C.ZIMG_COUNT_FILE_BYTES
	CountIsWhole         Count = C.ZIMG_COUNT_IS_WHOLE // 1: the end of the bundle was reached and it holds what it says
	CountLost            Count = C.ZIMG_COUNT_LOST
	CountTreeDamages     Count = C.ZIMG_COUNT_TREE_DAMAGES // places where the store's own records could not be read
	CountDiskBytesBefore Count = C.ZIMG_COUNT_DISK_BYTES_BEFORE
	CountDiskBytesAfter  Count = C.ZIMG_COUNT_DISK_BYTES_AFTER
	CountJoined          Count = C.ZIMG_COUNT_JOINED
	CountBypassed        Count = C.ZIMG_COUNT_BYPASSED
	CountFailed          Count = C.ZIMG_COUNT_FAILED
	CountInvalidated     Count = C.ZIMG_COUNT_INVALIDATED
	CountFiltered        Count = C.ZIMG_COUNT_FILTERED
	CountDrawn           Count = C.ZIMG_COUNT_DRAWN
	CountUnstored        Count = C.ZIMG_COUNT_UNSTORED  // drawn, and not kept
	CountListed          Count = C.ZIMG_COUNT_LISTED    // items in all
	CountChecked         Count = C.ZIMG_COUNT_CHECKED   // items looked up
	CountDifferent       Count = C.ZIMG_COUNT_DIFFERENT // pictures that the items ask for
	CountFound           Count = C.ZIMG_COUNT_FOUND     // there already
	CountMissing         Count = C.ZIMG_COUNT_MISSING   // known once all are checked
	CountDone            Count = C.ZIMG_COUNT_DONE      // drawn or failed, of those that were missing
	CountLeft            Count = C.ZIMG_COUNT_LEFT      // what another run would draw
	CountDrawnBytes      Count = C.ZIMG_COUNT_DRAWN_BYTES
)

// What errors.Is compares an error of this package with.
const (
	ErrInvalidArgument = StatusInvalidArgument
	ErrNotFound        = StatusNotFound
	ErrBadModel        = StatusBadModel
	ErrUnsupported     = StatusUnsupported
	ErrOutOfMemory     = StatusOutOfMemory
	ErrDevice          = StatusDevice
	ErrIO              = StatusIO
	ErrCache           = StatusCache
	ErrCancelled       = StatusCancelled
	ErrRefused         = StatusRefused
	ErrClosed          = StatusClosed
	ErrInternal        = StatusInternal
)
