"""Which picture is wanted."""

from __future__ import annotations

import ctypes
import datetime
from dataclasses import dataclass
from typing import Callable, Optional

from . import _raw
from ._kept import forget, keep_apart, kept, release_apart
from ._library import lib
from ._values import (
    call,
    enumerator,
    function_or_none,
    i32,
    instance,
    made,
    milliseconds,
    octets_of,
    real,
    truth,
    u32,
    u64,
    utf8,
    wrong_type,
)
from .cancel import CancelToken, token_of
from .enums import CacheMode, ImageFormat, MatchLevel, Preset, Schedule
from .errors import InvalidArgumentError
from .picture import Picture
from .policy import apply_preset, preset_and_user


@dataclass(frozen=True)
class Progress:
    """One step of a drawing."""

    step: int  # steps finished
    steps: int  # in all
    preview: Picture | None  # where the request asks for previews


ProgressCallback = Callable[[Progress], object]


@dataclass
class Request:
    """A plain value. The generator refuses what is out of range, and raises TypeError for what is of another type. None is
    the model's own."""

    prompt: str = ""
    """At most 1 MiB of UTF-8 without NUL; only the first 512 tokens reach the model."""
    negative_prompt: str = ""
    """What to steer away from. Live only where guidance is above 0."""
    width: int | None = None
    """Pixels, a multiple of the model's size step; set together with the height. None: the model's own (Z-Image 1024x1024,
    built-in 256x256)."""
    height: int | None = None
    """Pixels, as the width."""
    steps: int | None = None
    """1 to 1000. None: the model's own (Turbo and built-in 8, base 50)."""
    guidance: float | None = None
    """0 (off) to 100: the usual "CFG scale" less 1. None: the model's own (Turbo and built-in 0, base 4)."""
    guidance_normalization: float = 0
    """0 to 100: the reference's cfg_normalization; 0 is off."""
    guidance_truncation: float = 1
    """0 to 1: no guidance at steps whose noise level is below 1 less this; 1: at all steps."""
    schedule: Schedule = Schedule.LINEAR
    """How the step sizes are laid out."""
    seed: int = 42
    """0 to 2**64 - 1; its low 32 bits are what the noise reads."""
    random_seed: bool = False
    """A fresh seed at each asking: never a hit, never joined."""
    vae_tiling: bool = False
    """Decode in overlapping tiles: less memory, other pixels, so another key."""
    match_level: MatchLevel = MatchLevel.NORMALIZED
    """How much of the prompt's spelling is folded away before key and model see it."""
    namespace: str = "default"
    """1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture."""
    format: ImageFormat = ImageFormat.PNG
    jpeg_quality: int = 90
    """1 to 100, read for JPEG only."""
    splice_parameters: bool = False
    """Write the canonical request into the delivered file's text chunks."""
    cache_mode: CacheMode = CacheMode.NORMAL
    ttl: datetime.timedelta | None = None
    """How long the picture is kept from its storing on, in whole milliseconds, 1 ms to 100 years. None: the cache's rule for
    the namespace; without one, until it is evicted."""
    ttl_jitter: float = 0
    """0 to less than 1: the share of it that chance may take off."""
    tag: str = ""
    """At most 255 bytes, for purging by it."""
    pin: bool = False
    """Never evicted for room; it expires all the same."""
    preview: bool = False
    """Make a small preview after each step but the last, which costs a few milliseconds."""
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
        # What is the very object that a new request has is not set: a hit is to cost microseconds.
        new = Request
        text = utf8(self.prompt, "prompt")
        call(lib.zimg_request_set_prompt, handle, text, len(text))
        if self.negative_prompt is not new.negative_prompt:
            text = utf8(self.negative_prompt, "negative_prompt")
            call(lib.zimg_request_set_negative_prompt, handle, text, len(text))
        if self.width is not None or self.height is not None:
            self._fill_size(handle)
        if self.steps is not None:
            call(lib.zimg_request_set_steps, handle, u32(self.steps, "steps"))
        if self.guidance is not None:
            call(lib.zimg_request_set_guidance, handle, real(self.guidance, "guidance"))
        if self.seed is not new.seed:
            call(lib.zimg_request_set_seed, handle, u64(self.seed, "seed"))
        if self.match_level is not new.match_level:
            level = enumerator(self.match_level, MatchLevel, "match_level")
            call(lib.zimg_request_set_match_level, handle, level)
        if self.namespace is not new.namespace:
            text = utf8(self.namespace, "namespace")
            call(lib.zimg_request_set_namespace, handle, text, len(text))
        if self.preset is not None:
            apply_preset(*preset_and_user(self.preset, "preset"), handle, None)
        if self.format is not new.format:
            call(lib.zimg_request_set_format, handle, enumerator(self.format, ImageFormat, "format"))
        if self.cache_mode is not new.cache_mode:
            call(lib.zimg_request_set_cache_mode, handle, enumerator(self.cache_mode, CacheMode, "cache_mode"))
        self._fill_drawing(handle)
        self._fill_keeping(handle)
        token = token_of(self.cancel)
        if token is not None:
            call(lib.zimg_request_set_cancel_token, handle, instance(token, CancelToken, "cancel")._pointer)

    def _fill_size(self, handle: int | None) -> None:
        if self.width is None or self.height is None:
            raise InvalidArgumentError("of 'width' and 'height' one is set; both or none are expected")
        call(lib.zimg_request_set_size, handle, u32(self.width, "width"), u32(self.height, "height"))

    def _fill_drawing(self, handle: int | None) -> None:
        new = Request
        if self.guidance_normalization is not new.guidance_normalization:
            normalization = real(self.guidance_normalization, "guidance_normalization")
            call(lib.zimg_request_set_guidance_normalization, handle, normalization)
        if self.guidance_truncation is not new.guidance_truncation:
            truncation = real(self.guidance_truncation, "guidance_truncation")
            call(lib.zimg_request_set_guidance_truncation, handle, truncation)
        if self.schedule is not new.schedule:
            call(lib.zimg_request_set_schedule, handle, enumerator(self.schedule, Schedule, "schedule"))
        if self.random_seed is not False:  # the seed would take it back, so it comes after it
            call(lib.zimg_request_set_random_seed, handle, int(truth(self.random_seed, "random_seed")))
        if self.vae_tiling is not False:
            call(lib.zimg_request_set_vae_tiling, handle, int(truth(self.vae_tiling, "vae_tiling")))
        if self.preview is not False:
            call(lib.zimg_request_set_preview, handle, int(truth(self.preview, "preview")))

    def _fill_keeping(self, handle: int | None) -> None:
        new = Request
        if self.jpeg_quality is not new.jpeg_quality:
            call(lib.zimg_request_set_jpeg_quality, handle, i32(self.jpeg_quality, "jpeg_quality"))
        if self.splice_parameters is not False:
            is_spliced = int(truth(self.splice_parameters, "splice_parameters"))
            call(lib.zimg_request_set_splice_parameters, handle, is_spliced)
        if self.ttl is not None:
            call(lib.zimg_request_set_ttl_ms, handle, milliseconds(self.ttl, "ttl"))
        if self.ttl_jitter is not new.ttl_jitter:
            call(lib.zimg_request_set_ttl_jitter, handle, real(self.ttl_jitter, "ttl_jitter"))
        if self.tag is not new.tag:
            text = utf8(self.tag, "tag")
            call(lib.zimg_request_set_tag, handle, text, len(text))
        if self.pin is not False:
            call(lib.zimg_request_set_pin, handle, int(truth(self.pin, "pin")))


def as_request(wanted: Request | str) -> Request:
    if isinstance(wanted, Request):
        function_or_none(wanted.on_progress, "on_progress")
        return wanted
    if not isinstance(wanted, str):
        raise wrong_type(wanted, "wanted", "a Request or a str")
    return Request(prompt=wanted)


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
