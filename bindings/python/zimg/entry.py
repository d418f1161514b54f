"""What a cache keeps: an encoded picture and the facts beside it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from ._library import lib
from ._values import call, enumerator, i64, made, octets, octets_of, real, text_of, truth, u32, utf8
from .enums import ImageFormat
from .errors import InvalidArgumentError

_NO_DIGEST = bytes(32)


@dataclass
class Entry:
    payload: bytes | None = None
    """The encoded picture; None where it was not read."""
    format: ImageFormat = ImageFormat.PNG
    width: int = 0
    height: int = 0
    seed: int = 0
    steps: int = 0
    guidance: float = 0
    draw_ms: float = 0
    """What drawing it again would cost, in milliseconds."""
    stored_at_ms: int = 0
    """Milliseconds of Unix time; 0 lets the cache set it."""
    expires_at_ms: int = 0
    """Milliseconds of Unix time; 0 is never."""
    namespace: str = ""
    """At most 64 bytes."""
    model: str = ""
    """The model's name, at most 255 bytes."""
    tag: str = ""
    """At most 255 bytes."""
    is_pinned: bool = False
    """Never evicted for room; it expires all the same."""
    payload_sha256: bytes = _NO_DIGEST
    """All zero lets the cache compute it."""

    def _make(self) -> int | None:
        handle = made(lib.zimg_entry_create)
        try:
            self._fill(handle)
        except BaseException:
            lib.zimg_entry_destroy(handle)
            raise
        return handle

    def _fill(self, handle: int | None) -> None:
        if self.payload is not None:
            payload = octets(self.payload, "payload")
            call(lib.zimg_entry_set_payload, handle, payload, len(payload))
        call(lib.zimg_entry_set_format, handle, enumerator(self.format, ImageFormat, "format"))
        call(lib.zimg_entry_set_size, handle, u32(self.width, "width"), u32(self.height, "height"))
        call(lib.zimg_entry_set_seed, handle, u32(self.seed, "seed"))
        call(lib.zimg_entry_set_steps, handle, u32(self.steps, "steps"))
        call(lib.zimg_entry_set_guidance, handle, real(self.guidance, "guidance"))
        call(lib.zimg_entry_set_draw_ms, handle, real(self.draw_ms, "draw_ms"))
        call(lib.zimg_entry_set_stored_at_ms, handle, i64(self.stored_at_ms, "stored_at_ms"))
        call(lib.zimg_entry_set_expires_at_ms, handle, i64(self.expires_at_ms, "expires_at_ms"))
        for name, value in (("namespace", self.namespace), ("model", self.model), ("tag", self.tag)):
            text = utf8(value, name)
            call(getattr(lib, "zimg_entry_set_" + name), handle, text, len(text))
        call(lib.zimg_entry_set_pinned, handle, int(truth(self.is_pinned, "is_pinned")))
        if self.payload_sha256 != _NO_DIGEST:
            digest = octets(self.payload_sha256, "payload_sha256")
            call(lib.zimg_entry_set_payload_sha256, handle, digest, len(digest))


def entry_of(handle: int | None) -> Entry:
    size = ctypes.c_size_t()
    payload = lib.zimg_entry_payload(handle, ctypes.byref(size))
    return Entry(
        payload=ctypes.string_at(payload, size.value) if payload else None,
        format=ImageFormat(lib.zimg_entry_format(handle)),
        width=lib.zimg_entry_width(handle),
        height=lib.zimg_entry_height(handle),
        seed=lib.zimg_entry_seed(handle),
        steps=lib.zimg_entry_steps(handle),
        guidance=lib.zimg_entry_guidance(handle),
        draw_ms=lib.zimg_entry_draw_ms(handle),
        stored_at_ms=lib.zimg_entry_stored_at_ms(handle),
        expires_at_ms=lib.zimg_entry_expires_at_ms(handle),
        namespace=text_of(lib.zimg_entry_namespace, handle),
        model=text_of(lib.zimg_entry_model, handle),
        tag=text_of(lib.zimg_entry_tag, handle),
        is_pinned=bool(lib.zimg_entry_is_pinned(handle)),
        payload_sha256=ctypes.string_at(lib.zimg_entry_payload_sha256(handle), 32),
    )


def require_payload(entry: Entry) -> None:
    if entry.payload is None:
        raise InvalidArgumentError("the entry has no payload; an encoded picture is expected")
