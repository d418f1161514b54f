"""zimg draws a picture from a prompt with Z-Image-Turbo and never draws the same picture twice.

    import zimg

    with zimg.open_cache() as cache, zimg.Generator(cache=cache) as generator:
        result = generator.generate("a red circle on a blue background")
        print(result.outcome.name, len(result.bytes))
        result.save("circle.png")

docs/python.md has more of it.
"""

from ._library import lib as _lib
from ._values import enumerator as _enumerator
from .backend import CacheBackend, ContainingBackend, CountingBackend, ListingBackend, PinningBackend, wrap_cache
from .cache import (
    Cache,
    LmdbOptions,
    PurgeFilter,
    default_cache_path,
    memory_cache,
    open_cache,
    open_store,
    tier,
)
from .cancel import CancelToken
from .entry import Entry
from .enums import (
    CacheMode,
    Count,
    Device,
    Feature,
    Fingerprint,
    Histogram,
    ImageFormat,
    JobState,
    Kept,
    KeywordAction,
    MatchLevel,
    Outcome,
    Precision,
    Preset,
    PrewarmEnd,
    Schedule,
    Stage,
    Status,
    Stored,
    StoreOutcome,
    TraceKind,
    WeightType,
)
from .errors import (
    BadModelError,
    CacheError,
    CancelledError,
    ClosedError,
    DeviceError,
    Error,
    InternalError,
    InvalidArgumentError,
    IoError,
    NotFoundError,
    OutOfMemoryError,
    RefusedError,
    UnsupportedError,
)
from .generator import Generator
from .job import Job
from .keys import Key, KeyField, article_key, article_key_of_json, article_text, article_text_of_json
from .metrics import Metrics, histogram_bounds_ms
from .model import Inspection, ModelPart, Tokenizer, builtin_model_path, convert_model, inspect_model
from .options import Keywords, Options, locate_engine
from .picture import Picture, PictureFacts, decode_picture, picture_facts
from .pipeline import Drawing, DrawnPicture, Pipeline
from .policy import NamespaceRule, Policy, preset_named
from .prewarm import Budget, PrewarmFailure, PrewarmReport
from .request import Progress, Request
from .result import Report, Result
from .store import Refused, export_bundle, import_bundle, rebuild_store, resize_store, verify_store
from .tally import Counts, NamespaceStats, Stats
from .trace import TraceEvent


def version() -> str:
    """The release of the library that was loaded, for example "0.1.0"."""
    text: bytes = _lib.zimg_version()
    return text.decode("ascii")


def has_feature(feature: Feature) -> bool:
    """What the library was built with."""
    return bool(_lib.zimg_has_feature(_enumerator(feature, Feature, "feature")))


__all__ = [
    "BadModelError",
    "Budget",
    "Cache",
    "CacheBackend",
    "CacheError",
    "CacheMode",
    "CancelToken",
    "CancelledError",
    "ClosedError",
    "ContainingBackend",
    "Count",
    "CountingBackend",
    "Counts",
    "Device",
    "DeviceError",
    "Drawing",
    "DrawnPicture",
    "Entry",
    "Error",
    "Feature",
    "Fingerprint",
    "Generator",
    "Histogram",
    "ImageFormat",
    "Inspection",
    "InternalError",
    "InvalidArgumentError",
    "IoError",
    "Job",
    "JobState",
    "Kept",
    "Key",
    "KeyField",
    "KeywordAction",
    "Keywords",
    "ListingBackend",
    "LmdbOptions",
    "MatchLevel",
    "Metrics",
    "ModelPart",
    "NamespaceRule",
    "NamespaceStats",
    "NotFoundError",
    "Options",
    "OutOfMemoryError",
    "Outcome",
    "Picture",
    "PictureFacts",
    "PinningBackend",
    "Pipeline",
    "Policy",
    "Precision",
    "Preset",
    "PrewarmEnd",
    "PrewarmFailure",
    "PrewarmReport",
    "Progress",
    "PurgeFilter",
    "Refused",
    "RefusedError",
    "Report",
    "Request",
    "Result",
    "Schedule",
    "Stage",
    "Stats",
    "Status",
    "StoreOutcome",
    "Stored",
    "Tokenizer",
    "TraceEvent",
    "TraceKind",
    "UnsupportedError",
    "WeightType",
    "article_key",
    "article_key_of_json",
    "article_text",
    "article_text_of_json",
    "builtin_model_path",
    "convert_model",
    "decode_picture",
    "default_cache_path",
    "export_bundle",
    "has_feature",
    "histogram_bounds_ms",
    "import_bundle",
    "inspect_model",
    "locate_engine",
    "memory_cache",
    "open_cache",
    "open_store",
    "picture_facts",
    "preset_named",
    "rebuild_store",
    "resize_store",
    "tier",
    "verify_store",
    "version",
    "wrap_cache",
]
