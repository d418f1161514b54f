"""Cancelling."""

from __future__ import annotations

import weakref

from . import _kept
from ._library import lib
from ._owners import Owner
from ._values import made


class CancelToken(Owner):
    """Stops the requests and runs that carry it. Any thread; it stays cancelled. A drawing stops within one denoiser
    layer. A copy is the token itself."""

    def __init__(self) -> None:
        self._pointer = made(lib.zimg_cancel_token_create)
        _tokens[id(self)] = self

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


_tokens: weakref.WeakValueDictionary[int, CancelToken] = weakref.WeakValueDictionary()
_at_end = CancelToken()


def token_of(wanted: CancelToken | None) -> CancelToken | None:
    """What a request or run is to carry: at the end of the program none goes on that may call Python."""
    return _at_end if wanted is None and _kept.count() else wanted


def cancel_all() -> None:
    """At the end of the program."""
    for reference in _tokens.valuerefs():  # a list, which no other thread changes
        if (token := reference()) is not None:
            token.cancel()
