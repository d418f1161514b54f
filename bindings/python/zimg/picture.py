"""Pixels, and what picture files say about themselves."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._library import lib
from ._values import call, enumerator, instance, made, octets, octets_of, real, text_of, u32
from .enums import ImageFormat, Stage

if TYPE_CHECKING:
    import numpy
    import PIL.Image


@dataclass
class Picture:
    """Pixels: interleaved 8-bit RGB, rows from the top, width * height * 3 octets."""

    width: int
    height: int
    rgb: bytes

    def numpy(self) -> numpy.ndarray[Any, Any]:
        """[height, width, 3] of uint8, a view that is not written to. Needs numpy."""
        import numpy

        return numpy.frombuffer(self.rgb, numpy.uint8).reshape(self.height, self.width, 3)

    def pil(self) -> PIL.Image.Image:
        """Needs Pillow."""
        import PIL.Image

        return PIL.Image.frombytes("RGB", (self.width, self.height), self.rgb)


def decode_picture(encoded: bytes) -> Picture:
    """The pixels of a PNG or a JPEG; what is transparent in it is laid on white."""
    read = octets(encoded, "encoded")
    handle = made(lib.zimg_picture_decode, read, len(read))
    try:
        return picture_of(handle)
    finally:
        lib.zimg_picture_destroy(handle)


def picture_of(handle: int | None) -> Picture:
    return Picture(
        lib.zimg_picture_width(handle), lib.zimg_picture_height(handle), octets_of(lib.zimg_picture_rgb, handle)
    )


def fill_picture(handle: int | None, picture: Picture, stages_ms: dict[Stage, float] | None = None) -> None:
    rgb = octets(instance(picture, Picture, "picture").rgb, "rgb")
    call(lib.zimg_picture_set_rgb, handle, u32(picture.width, "width"), u32(picture.height, "height"), rgb, len(rgb))
    for stage, ms in (stages_ms or {}).items():
        call(lib.zimg_picture_set_stage_ms, handle, enumerator(stage, Stage, "stages_ms"), real(ms, "stages_ms"))


@dataclass(frozen=True)
class PictureFacts:
    """What a PNG or JPEG says about itself. `texts` are keyword and text in file order: "parameters" (as A1111 writes
    it), "zimg" (JSON), and any other."""

    format: ImageFormat
    width: int
    height: int
    texts: list[tuple[str, str]]


def picture_facts(encoded: bytes) -> PictureFacts:
    """Without decoding it."""
    read = octets(encoded, "encoded")
    handle = made(lib.zimg_picture_facts_read, read, len(read))
    try:
        count = lib.zimg_picture_facts_text_count(handle)
        texts = [
            (
                text_of(lib.zimg_picture_facts_keyword, handle, index),
                text_of(lib.zimg_picture_facts_text, handle, index),
            )
            for index in range(count)
        ]
        return PictureFacts(
            ImageFormat(lib.zimg_picture_facts_format(handle)),
            lib.zimg_picture_facts_width(handle),
            lib.zimg_picture_facts_height(handle),
            texts,
        )
    finally:
        lib.zimg_picture_facts_destroy(handle)


def view_of_memory(address: int, size: int, owner: object) -> memoryview:
    """The octets at `address` for as long as `owner` lives, which the view keeps alive."""
    array = (ctypes.c_uint8 * size).from_address(address)
    setattr(array, "_owner", owner)  # the memory must outlive the view
    return memoryview(array).toreadonly().cast("B")
