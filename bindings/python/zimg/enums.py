"""The enumerations of zimg, with the numbers of its C API."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What became of a call."""

    OK = 0
    INVALID_ARGUMENT = 1
    NOT_FOUND = 2
    BAD_MODEL = 3
    UNSUPPORTED = 4
    OUT_OF_MEMORY = 5
    DEVICE = 6
    IO = 7
    CACHE = 8
    CANCELLED = 9
    REFUSED = 10
    CLOSED = 11
    INTERNAL = 12


class MatchLevel(IntEnum):
    """How much of a prompt's spelling is folded away before key and model see it."""

    EXACT = 0
    NORMALIZED = 1
    LOOSE = 2


class Schedule(IntEnum):
    """How the step sizes are laid out."""

    LINEAR = 0
    LEGACY_ZERO_END = 1
    NATIVE = 2


class CacheMode(IntEnum):
    """What a request may do with the cache."""

    NORMAL = 0
    BYPASS = 1
    REFRESH = 2
    ONLY_IF_CACHED = 3
    NO_STORE = 4


class ImageFormat(IntEnum):
    """How a picture is encoded."""

    PNG = 1
    JPEG = 2


class Device(IntEnum):
    """What draws."""

    AUTO = 0
    CPU = 1
    CUDA = 2


class Precision(IntEnum):
    """The numbers that a drawing reckons with."""

    AUTO = 0
    FP32 = 1
    BF16 = 2
    FP16 = 3


class Fingerprint(IntEnum):
    """What of the machine goes into the key; strict promises bit equality."""

    PORTABLE = 0
    STRICT = 1


class Kept(IntEnum):
    """What of a drawing is kept: its PNG, or only the format that was asked for."""

    LOSSLESS = 0
    DELIVERED = 1


class KeywordAction(IntEnum):
    """What becomes of a prompt that holds a listed word."""

    NO_STORE = 0
    REFUSE = 1
    TAG = 2


class Outcome(IntEnum):
    """How a picture was come by."""

    HIT = 0
    DRAWN = 1
    JOINED = 2


class Stored(IntEnum):
    """Whether a picture is kept."""

    YES = 0
    NO = 1
    PENDING = 2


class Stage(IntEnum):
    """Where the time of a request went."""

    CANONICALIZE = 0
    LOOKUP = 1
    WAIT = 2
    LOAD = 3
    ENCODE_TEXT = 4
    DENOISE = 5
    DECODE = 6
    ENCODE_IMAGE = 7
    TOTAL = 8


class JobState(IntEnum):
    """How far a job is."""

    CREATED = 0
    RUNNING = 1
    DONE = 2


class TraceKind(IntEnum):
    """What happened to a request; the first five end it."""

    HIT = 0
    MISS = 1
    JOINED = 2
    BYPASSED = 3
    FAILED = 4
    EXPIRED = 5
    INVALIDATED = 6
    FILTERED = 7
    EVICTED = 8
    CORRUPT = 9


class Histogram(IntEnum):
    """Which latencies."""

    HIT = 0
    MISS = 1
    JOINED = 2
    LOOKUP = 3
    DRAW = 4
    STORE = 5


class StoreOutcome(IntEnum):
    """What a cache did with an entry."""

    STORED = 0
    TOO_FULL = 1
    TOO_LARGE = 2
    OVER_QUOTA = 3


class Preset(IntEnum):
    """A scene with its namespace and its rule."""

    PUBLIC_DEMO = 0
    PERSONAL = 1
    BATCH = 2
    AB_TEST = 3


class PrewarmEnd(IntEnum):
    """Why a prewarming run ended."""

    ALL_DONE = 0
    PICTURES_SPENT = 1
    SECONDS_SPENT = 2
    BYTES_SPENT = 3
    CANCELLED = 4
    NOT_STORED = 5


class WeightType(IntEnum):
    """What weights are written as."""

    FP32 = 0
    BF16 = 1
    FP16 = 2


class Feature(IntEnum):
    """What a build of the library may have or lack."""

    ENGINE = 0
    SIMPLIFIED_CHINESE = 1


class Count(IntEnum):
    """What a count is of."""

    ENTRIES = 0
    PAYLOAD_BYTES = 1
    USED_BYTES = 2
    CAPACITY_BYTES = 3
    HITS = 4
    MISSES = 5
    STORED = 6
    EVICTED = 7
    EXPIRED = 8
    CORRUPT = 9
    REJECTED = 10
    PINNED = 11
    SAVED_BYTES = 12
    OLDEST_MS = 13
    UNREADABLE = 14
    LEFT_OUT = 15
    REFUSED = 16
    READ_BYTES = 17
    FILE_BYTES = 18
    IS_WHOLE = 19
    LOST = 20
    TREE_DAMAGES = 21
    DISK_BYTES_BEFORE = 22
    DISK_BYTES_AFTER = 23
    JOINED = 24
    BYPASSED = 25
    FAILED = 26
    INVALIDATED = 27
    FILTERED = 28
    DRAWN = 29
    UNSTORED = 30
    LISTED = 31
    CHECKED = 32
    DIFFERENT = 33
    FOUND = 34
    MISSING = 35
    DONE = 36
    LEFT = 37
    DRAWN_BYTES = 38
