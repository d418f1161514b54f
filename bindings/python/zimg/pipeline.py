"""Pipelines written in Python, which draw in place of the engine."""

from __future__ import annotations

import abc
import contextlib
import ctypes
import threading
from dataclasses import dataclass, field
from typing import Any, Iterator

from . import _raw
from ._foreign import answer
from ._kept import forget, keep_apart, kept, release_apart
from ._library import lib
from ._owners import Owner
from ._values import call, made, text_of, u32, utf8
from .enums import Stage
from .errors import ClosedError
from .picture import Picture, fill_picture


@dataclass
class DrawnPicture(Picture):
    """A picture and, for reports, how many milliseconds went where: WAIT LOAD ENCODE_TEXT DENOISE DECODE."""

    stages_ms: dict[Stage, float] = field(default_factory=dict)


class Drawing(Owner):
    """What is to be drawn, until draw() returns. Any thread."""

    def __init__(self, pointer: int) -> None:
        self._pointer: int | None = pointer
        self._uses = 0  # threads of the pipeline's own may be in a call
        self._unused = threading.Condition()
        self.prompt = text_of(lib.zimg_drawing_prompt, pointer)
        self.negative_prompt = text_of(lib.zimg_drawing_negative_prompt, pointer)  # empty where guidance is 0
        self.width: int = lib.zimg_drawing_width(pointer)
        self.height: int = lib.zimg_drawing_height(pointer)
        self.sigmas = _sigmas(pointer)  # noise levels, descending from at most 1; the closing 0 is implied
        self.guidance: float = lib.zimg_drawing_guidance(pointer)
        self.guidance_normalization: float = lib.zimg_drawing_guidance_normalization(pointer)
        self.guidance_truncation: float = lib.zimg_drawing_guidance_truncation(pointer)
        self.seed: int = lib.zimg_drawing_seed(pointer)
        self.vae_tiling = bool(lib.zimg_drawing_is_vae_tiled(pointer))

    @contextlib.contextmanager
    def _alive(self) -> Iterator[int]:
        """What it points to is there until the block ends."""
        with self._unused:
            if self._pointer is None:
                raise ClosedError("this drawing is over")
            pointer = self._pointer
            self._uses += 1
        try:
            yield pointer
        finally:
            with self._unused:
                self._uses -= 1
                self._unused.notify_all()

    def _end(self) -> None:
        with self._unused:
            self._pointer = None
            self._unused.wait_for(lambda: self._uses == 0)

    @property
    def wants_preview(self) -> bool:
        with self._alive() as pointer:
            return bool(lib.zimg_drawing_wants_preview(pointer))

    @property
    def is_cancelled(self) -> bool:
        """To be asked now and then; where it is, raise CancelledError."""
        with self._alive() as pointer:
            return bool(lib.zimg_drawing_is_cancelled(pointer))

    def report_progress(self, step: int, steps: int, preview: Picture | None = None) -> None:
        """Tells those who wait."""
        handle = None
        try:
            if preview is not None:
                handle = made(lib.zimg_picture_create)
                fill_picture(handle, preview)
            with self._alive() as pointer:
                call(lib.zimg_drawing_report_progress, pointer, u32(step, "step"), u32(steps, "steps"), handle)
        finally:
            lib.zimg_picture_destroy(handle)


class Pipeline(abc.ABC):
    """Draws. Called from any thread of zimg."""

    @abc.abstractmethod
    def draw(self, drawing: Drawing) -> Picture:
        """Equal drawings give equal pixels, in the size that was ordered. What it raises fails the request: an Error
        with its status, all else as INTERNAL."""


def _sigmas(pointer: int) -> list[float]:
    count = ctypes.c_size_t()
    data = lib.zimg_drawing_sigmas(pointer, ctypes.byref(count))
    return list((ctypes.c_float * count.value).from_address(data)) if data else []


@_raw.callback(_raw.PipelineTable.Draw)
def _draw(number: int, pointer: int, out_picture: int, out_error: Any) -> int:
    def run() -> None:
        drawing = Drawing(pointer)
        try:
            picture = kept(number).draw(drawing)
        finally:
            drawing._end()
        fill_picture(out_picture, picture, getattr(picture, "stages_ms", None))

    return answer(out_error, run)


_table = _raw.PipelineTable(ctypes.sizeof(_raw.PipelineTable), _draw, release_apart)


def set_pipeline(options: int | None, pipeline: Pipeline, identity: str) -> None:
    text = utf8(identity, "pipeline_identity")
    number = keep_apart(pipeline)
    try:
        call(lib.zimg_options_set_pipeline, options, ctypes.byref(_table), number, text, len(text))
    except BaseException:
        forget(number)
        raise
