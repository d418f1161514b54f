"""What a generator is made of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from . import _raw
from ._interrupts import hold
from ._kept import forget, keep, kept, release
from ._library import installed_torch, lib
from ._values import (
    Calls,
    StrPath,
    call,
    enumerator,
    function,
    instance,
    made,
    made_text,
    path_utf8,
    truth,
    u32,
    utf8,
)
from .enums import Device, Fingerprint, Kept, KeywordAction, Precision
from .pipeline import Pipeline, set_pipeline
from .policy import add_secrets
from .trace import TraceEvent, event_of


@dataclass
class Keywords:
    """A keyword list and what becomes of prompts that hold a listed word. `tag`, 1 to 64 of A-Z a-z 0-9 . _ @ : -, is for
    KeywordAction.TAG alone."""

    path: StrPath
    action: KeywordAction
    tag: str = ""


@dataclass
class Options:
    cache_url: str | None = None
    """The cache to open where none is handed over. One that cannot be opened is a warning in each report, unless it is
    required."""
    requires_cache: bool = False
    """One that cannot be opened raises."""
    model: StrPath = ""
    """A model folder; empty is the built-in model."""
    device: Device = Device.AUTO
    precision: Precision = Precision.AUTO
    threads: int = 0
    """CPU threads of a drawing, at most 1024; 0 is one per core."""
    fingerprint: Fingerprint = Fingerprint.PORTABLE
    engine_path: StrPath = ""
    """The engine module; empty: beside libzimg, in ../lib from there, then the configured libdir."""
    torch_path: StrPath = ""
    """A libtorch folder; empty: $ZIMG_TORCH, then the installed torch package, which is not imported, then the engine's
    own RUNPATH."""
    pipeline: Pipeline | None = None
    """Draws in place of the engine."""
    pipeline_identity: str = ""
    """Stands for engine and precision in the key; not empty where there is a pipeline."""
    synonyms: StrPath = ""
    """A file of words that mean the same, for MatchLevel.LOOSE; empty is none."""
    namespace_secrets: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The keys of such a namespace become HMAC-SHA-256 under its secret. Never stored, never printed."""
    kept: Kept = Kept.LOSSLESS
    """What of a drawing is kept: its PNG, from which other formats are made, or only the format that was asked for."""
    drawings_at_once: int = 1
    """At least 1; more serves a pipeline of one's own."""
    patience_ms: int = 30000
    """How long another process that draws an equal picture is waited for, or three drawings if that is longer."""
    pending_stores: int = 16
    """How many drawn pictures may wait to be written, at least 1; the excess is dropped."""
    keywords: list[Keywords] = field(default_factory=list)
    """Read when the generator is made. A list that refuses goes first, then one that keeps from storing."""
    on_trace: Optional[Callable[[TraceEvent], object]] = None
    """Told what happens to each request, from any thread."""
    trace_prompts: bool = False
    """Whether its events hold the prompt."""
    on_hashing: Optional[Callable[[int, int], object]] = None
    """Bytes done and in all, while a model's files are hashed. After it has raised, it is not called any more, and the
    call that it came from, or the next one of the generator, raises that."""

    def _make(self, calls: Calls | None = None) -> int | None:
        """`calls` keeps what on_hashing raises."""
        handle = made(lib.zimg_options_create)
        try:
            self._fill(handle, calls or Calls())
        except BaseException:
            lib.zimg_options_destroy(handle)
            raise
        return handle

    def _fill(self, handle: int | None, calls: Calls) -> None:
        if self.cache_url is not None:
            url = utf8(self.cache_url, "cache_url")
            call(lib.zimg_options_set_cache_url, handle, url, len(url))
        call(lib.zimg_options_set_requires_cache, handle, int(truth(self.requires_cache, "requires_cache")))
        for name, path in (
            ("model", self.model),
            ("engine_path", self.engine_path),
            ("torch_path", self._torch_path()),
            ("synonyms", self.synonyms),
        ):
            text = path_utf8(path, name)
            call(getattr(lib, "zimg_options_set_" + name), handle, text, len(text))
        for name, kind in (("device", Device), ("precision", Precision), ("fingerprint", Fingerprint), ("kept", Kept)):
            call(getattr(lib, "zimg_options_set_" + name), handle, enumerator(getattr(self, name), kind, name))
        for name in ("threads", "drawings_at_once", "patience_ms", "pending_stores"):
            call(getattr(lib, "zimg_options_set_" + name), handle, u32(getattr(self, name), name))
        add_secrets(lib.zimg_options_add_namespace_secret, handle, self.namespace_secrets)
        self._fill_keywords(handle)
        if self.pipeline is not None:
            set_pipeline(handle, instance(self.pipeline, Pipeline, "pipeline"), self.pipeline_identity)
        self._fill_callbacks(handle, calls)

    def _torch_path(self) -> StrPath:
        if self.torch_path or os.environ.get("ZIMG_TORCH"):
            return self.torch_path
        return installed_torch()

    def _fill_keywords(self, handle: int | None) -> None:
        for keywords in self.keywords:
            path = path_utf8(instance(keywords, Keywords, "keywords").path, "keywords")
            action, tag = enumerator(keywords.action, KeywordAction, "action"), utf8(keywords.tag, "tag")
            call(lib.zimg_options_add_keywords, handle, path, len(path), action, tag, len(tag))

    def _fill_callbacks(self, handle: int | None, calls: Calls) -> None:
        has_prompts = int(truth(self.trace_prompts, "trace_prompts"))
        if self.on_trace is not None:
            told = function(self.on_trace, "on_trace")
            self._keep(lib.zimg_options_set_trace, handle, _traced, told, has_prompts)
        if self.on_hashing is not None:
            guarded = calls.guarded(function(self.on_hashing, "on_hashing"))
            self._keep(lib.zimg_options_set_hashing_progress, handle, _hashed, guarded)

    @staticmethod
    def _keep(function: Any, handle: int | None, kind: Any, callback: Any, *more: int) -> None:
        number = keep(callback)
        try:
            call(function, handle, kind, number, release, *more)
        except BaseException:
            forget(number)
            raise


@_raw.callback(_raw.TraceFunction)
def _traced(number: int, event: int) -> None:
    try:
        kept(number)(event_of(event))
    except BaseException as failure:
        hold(failure)  # all else: a trace that its listener fails to take is no failure of the request


@_raw.callback(_raw.BytesProgressFunction)
def _hashed(number: int, done: int, total: int) -> None:
    kept(number)(done, total)  # guarded


def locate_engine(options: Options | None = None) -> str:
    """Where the engine module is that a generator of these options would open. Opens nothing."""
    handle = (Options() if options is None else instance(options, Options, "options"))._make()
    try:
        return made_text(lib, lib.zimg_locate_engine, handle)
    finally:
        lib.zimg_options_destroy(handle)
