"""A delivered picture and how it came about."""

from __future__ import annotations

import builtins
import ctypes
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._library import lib
from ._owners import Owner
from ._values import StrPath, call, text_of, wrong_type
from .enums import ImageFormat, Outcome, Stage, Stored
from .keys import Key
from .picture import Picture, decode_picture, view_of_memory

if TYPE_CHECKING:
    import numpy
    import PIL.Image


@dataclass(frozen=True)
class Report:
    """How a picture came about."""

    outcome: Outcome
    key: Key
    stored: Stored
    store_note: str  # why it was not stored, one sentence; empty otherwise
    warnings: list[str]  # a cache that could not be used, a flat picture: one sentence each
    folded: list[str]  # what was folded before key and model saw it, one phrase each
    tags: list[str]  # of the keyword lists that tag
    is_converted: bool  # a hit made from the stored PNG
    is_filtered: bool  # a keyword list names a word of the prompt
    is_flat: bool  # one colour: delivered, never stored
    seed: int  # as drawn
    steps: int
    guidance: float
    model: str
    namespace: str
    payload_sha256: str  # of the picture as stored, before parameters are spliced in
    stages_ms: dict[Stage, float]  # those that ran

    @property
    def is_hit(self) -> bool:
        return self.outcome == Outcome.HIT


class Result(Owner):
    """A picture. To be read by any number of threads; refresh_stored() by one alone."""

    def __init__(self, pointer: int) -> None:
        self._pointer: int | None = pointer
        self._bytes: builtins.bytes | None = None

    def __del__(self) -> None:
        if pointer := getattr(self, "_pointer", None):
            self._pointer = None
            lib.zimg_result_destroy(pointer)

    @property
    def bytes(self) -> builtins.bytes:
        """The encoded picture, copied once."""
        if self._bytes is None:
            size = ctypes.c_size_t()
            data = lib.zimg_result_bytes(self._pointer, ctypes.byref(size))
            self._bytes = ctypes.string_at(data, size.value)
        return self._bytes

    @property
    def view(self) -> memoryview:
        """The same octets, not copied. The view may outlive the result."""
        size = ctypes.c_size_t()
        data = lib.zimg_result_bytes(self._pointer, ctypes.byref(size))
        return view_of_memory(data, size.value, self)

    @property
    def format(self) -> ImageFormat:
        return ImageFormat(lib.zimg_result_format(self._pointer))

    @property
    def width(self) -> int:
        return int(lib.zimg_result_width(self._pointer))

    @property
    def height(self) -> int:
        return int(lib.zimg_result_height(self._pointer))

    @property
    def outcome(self) -> Outcome:
        return Outcome(lib.zimg_report_outcome(lib.zimg_result_report(self._pointer)))

    @property
    def is_hit(self) -> bool:
        return bool(lib.zimg_report_is_hit(lib.zimg_result_report(self._pointer)))

    @property
    def report(self) -> Report:
        """As it is known now."""
        return _report_of(lib.zimg_result_report(self._pointer))

    def refresh_stored(self) -> Stored:
        """Brings what the report says about storing up to date; final after Generator.drain()."""
        call(lib.zimg_result_refresh_stored, self._pointer)
        return Stored(lib.zimg_report_stored(lib.zimg_result_report(self._pointer)))

    def picture(self) -> Picture:
        """Its pixels."""
        return decode_picture(self.bytes)

    def numpy(self) -> numpy.ndarray[Any, Any]:
        """[height, width, 3] of uint8. Needs numpy."""
        return self.picture().numpy()

    def pil(self) -> PIL.Image.Image:
        """Needs Pillow."""
        return self.picture().pil()

    def save(self, path: StrPath) -> None:
        """Writes the encoded picture to the file, in place of what was there. Not atomic: who reads meanwhile sees a part.
        OSError where that fails."""
        if not isinstance(path, (str, os.PathLike)):  # open() would take a number for a file descriptor
            raise wrong_type(path, "path", "a str, or an os.PathLike of one,")
        with open(path, "wb") as file:
            file.write(self.view)

    def _repr_png_(self) -> builtins.bytes | None:  # how notebooks show it
        return self.bytes if self.format == ImageFormat.PNG else None


def _report_of(report: int) -> Report:
    stages = {stage: lib.zimg_report_stage_ms(report, stage) for stage in Stage}
    return Report(
        outcome=Outcome(lib.zimg_report_outcome(report)),
        key=Key(bytes(lib.zimg_report_key(report).contents.bytes)),
        stored=Stored(lib.zimg_report_stored(report)),
        store_note=text_of(lib.zimg_report_store_note, report),
        warnings=_texts(report, lib.zimg_report_warning_count, lib.zimg_report_warning),
        folded=_texts(report, lib.zimg_report_folded_count, lib.zimg_report_folded),
        tags=_texts(report, lib.zimg_report_tag_count, lib.zimg_report_tag),
        is_converted=bool(lib.zimg_report_is_converted(report)),
        is_filtered=bool(lib.zimg_report_is_filtered(report)),
        is_flat=bool(lib.zimg_report_is_flat(report)),
        seed=lib.zimg_report_seed(report),
        steps=lib.zimg_report_steps(report),
        guidance=lib.zimg_report_guidance(report),
        model=text_of(lib.zimg_report_model, report),
        namespace=text_of(lib.zimg_report_namespace, report),
        payload_sha256=text_of(lib.zimg_report_payload_sha256, report),
        stages_ms={stage: ms for stage, ms in stages.items() if ms},
    )


def _texts(report: int, count: Any, get: Any) -> list[str]:
    return [text_of(get, report, index) for index in range(count(report))]
