"""Cancelling."""

from __future__ import annotations

from ._library import lib
from ._values import made


class CancelToken:
    """Stops the requests and runs that carry it. Any thread; it stays cancelled. A drawing stops within one denoiser
    layer."""

    def __init__(self) -> None:
        self._pointer = made(lib.zimg_cancel_token_create)

    def cancel(self) -> None:
        """As often as one likes."""
        lib.zimg_cancel_token_cancel(self._pointer)

    @property
    def is_cancelled(self) -> bool:
        return bool(lib.zimg_cancel_token_is_cancelled(self._pointer))

    def __del__(self) -> None:
        if pointer := getattr(self, "_pointer", None):
            self._pointer = None
            lib.zimg_cancel_token_destroy(pointer)
