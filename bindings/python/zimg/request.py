"""Which picture is wanted."""

from __future__ import annotations

import ctypes
import datetime
from dataclasses import dataclass
from typing import Callable, Optional

from . import _raw
from ._kept import forget, keep_apart, kept, release_apart
from ._library import lib
from ._values import call, i32, i64, made, octets_of, u32, u64, utf8
from .cancel import CancelToken, token_of
from .enums import CacheMode, ImageFormat, MatchLevel, Preset, Schedule
from .errors import InvalidArgumentError
from .picture import Picture
from .policy import apply_preset


@dataclass(frozen=True)
class Progress:
    """One step of a drawing."""

    step: int  # steps finished
    steps: int  # in all
    preview: Picture | None  # where the request asks for previews


ProgressCallback = Callable[[Progress], object]


@dataclass
class Request:
    """A plain value. The generator refuses what is out of range. None is the model's own."""

    prompt: str = ""
    """At most 1 MiB of UTF-8 without NUL; only the first 512 tokens reach the model."""
    negative_prompt: str = ""
    """What to steer away from. Live only where guidance is above 0."""
    width: int | None = None
    """Pixels, a multiple of the model's size step; set together with the height."""
    height: int | None = None
    steps: int | None = None
    """1 to 1000."""
    guidance: float | None = None
    """0 (off) to 100: the usual "CFG scale" less 1."""
    guidance_normalization: float = 0
    guidance_truncation: float = 1
    schedule: Schedule = Schedule.LINEAR
    seed: int = 42
    """Its low 32 bits are what the noise reads."""
    random_seed: bool = False
    """A fresh seed at each asking: never a hit, never joined."""
    vae_tiling: bool = False
    match_level: MatchLevel = MatchLevel.NORMALIZED
    namespace: str = "default"
    """1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture."""
    format: ImageFormat = ImageFormat.PNG
    jpeg_quality: int = 90
    splice_parameters: bool = False
    """Write the canonical request into the delivered file's text chunks."""
    cache_mode: CacheMode = CacheMode.NORMAL
    ttl: datetime.timedelta | None = None
    """How long the picture is kept from its storing on. None: until it is evicted."""
    ttl_jitter: float = 0
    tag: str = ""
    """At most 255 bytes, for purging by it."""
    pin: bool = False
    preview: bool = False
    """Make a small preview at each step, which costs a few milliseconds."""
    on_progress: Optional[ProgressCallback] = None
    """Called from a thread of zimg before the first step and after each. What it raises ends the request and is raised
    by who asked. It must not ask the same generator for a picture."""
    cancel: CancelToken | None = None
    preset: tuple[Preset, str] | None = None
    """Takes the namespace of a preset, with the user for PERSONAL, "" else; see Policy.presets."""

    def _make(self) -> int | None:
        """A zimg_request of it, which the caller destroys."""
        handle = made(lib.zimg_request_create)
        try:
            self._fill(handle)
        except BaseException:
            lib.zimg_request_destroy(handle)
            raise
        return handle

    def _fill(self, handle: int | None) -> None:
        # What is as it is in a new request is not set: a hit is to cost microseconds.
        if self.prompt:
            text = utf8(self.prompt, "prompt")
            call(lib.zimg_request_set_prompt, handle, text, len(text))
        if self.negative_prompt:
            text = utf8(self.negative_prompt, "negative_prompt")
            call(lib.zimg_request_set_negative_prompt, handle, text, len(text))
        if self.width is not None or self.height is not None:
            self._fill_size(handle)
        if self.steps is not None:
            call(lib.zimg_request_set_steps, handle, u32(self.steps, "steps"))
        if self.guidance is not None:
            call(lib.zimg_request_set_guidance, handle, self.guidance)
        if self.seed != 42:
            call(lib.zimg_request_set_seed, handle, u64(self.seed, "seed"))
        if self.match_level != MatchLevel.NORMALIZED:
            call(lib.zimg_request_set_match_level, handle, i32(self.match_level, "match_level"))
        if self.namespace != "default":
            text = utf8(self.namespace, "namespace")
            call(lib.zimg_request_set_namespace, handle, text, len(text))
        if self.preset is not None:
            apply_preset(*self.preset, handle, None)
        if self.format != ImageFormat.PNG:
            call(lib.zimg_request_set_format, handle, i32(self.format, "format"))
        if self.cache_mode != CacheMode.NORMAL:
            call(lib.zimg_request_set_cache_mode, handle, i32(self.cache_mode, "cache_mode"))
        self._fill_drawing(handle)
        self._fill_keeping(handle)
        token = token_of(self.cancel)
        if token is not None:
            call(lib.zimg_request_set_cancel_token, handle, token._pointer)

    def _fill_size(self, handle: int | None) -> None:
        if self.width is None or self.height is None:
            raise InvalidArgumentError("of 'width' and 'height' one is set; both or none are expected")
        call(lib.zimg_request_set_size, handle, u32(self.width, "width"), u32(self.height, "height"))

    def _fill_drawing(self, handle: int | None) -> None:
        if self.guidance_normalization != 0:
            call(lib.zimg_request_set_guidance_normalization, handle, self.guidance_normalization)
        if self.guidance_truncation != 1:
            call(lib.zimg_request_set_guidance_truncation, handle, self.guidance_truncation)
        if self.schedule != Schedule.LINEAR:
            call(lib.zimg_request_set_schedule, handle, i32(self.schedule, "schedule"))
        if self.random_seed:
            call(lib.zimg_request_set_random_seed, handle, 1)
        if self.vae_tiling:
            call(lib.zimg_request_set_vae_tiling, handle, 1)
        if self.preview:
            call(lib.zimg_request_set_preview, handle, 1)

    def _fill_keeping(self, handle: int | None) -> None:
        if self.jpeg_quality != 90:
            call(lib.zimg_request_set_jpeg_quality, handle, i32(self.jpeg_quality, "jpeg_quality"))
        if self.splice_parameters:
            call(lib.zimg_request_set_splice_parameters, handle, 1)
        if self.ttl is not None:
            ms = self.ttl // datetime.timedelta(milliseconds=1)
            call(lib.zimg_request_set_ttl_ms, handle, i64(ms, "ttl"))
        if self.ttl_jitter != 0:
            call(lib.zimg_request_set_ttl_jitter, handle, self.ttl_jitter)
        if self.tag:
            text = utf8(self.tag, "tag")
            call(lib.zimg_request_set_tag, handle, text, len(text))
        if self.pin:
            call(lib.zimg_request_set_pin, handle, 1)


def as_request(wanted: Request | str) -> Request:
    return wanted if isinstance(wanted, Request) else Request(prompt=wanted)


def set_progress(handle: int | None, callback: Callable[[Progress], None]) -> None:
    """`callback` must not raise."""
    number = keep_apart(callback)
    try:
        call(lib.zimg_request_set_progress, handle, _told, number, release_apart)
    except BaseException:
        forget(number)
        raise


@_raw.callback(_raw.ProgressFunction)
def _told(number: int, progress: int) -> None:
    kept(number)(progress_of(progress))


def progress_of(progress: int) -> Progress:
    width, height = ctypes.c_uint32(), ctypes.c_uint32()
    rgb = octets_of(lib.zimg_progress_preview, progress, ctypes.byref(width), ctypes.byref(height))
    preview = Picture(width.value, height.value, rgb) if rgb else None
    return Progress(lib.zimg_progress_step(progress), lib.zimg_progress_steps(progress), preview)
