"""Handles that several threads use: closed once, and destroyed when the last call with them has ended."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from types import TracebackType
from typing import Any, Callable

from . import _ends
from ._owners import Owner
from .cancel import cancel_all
from .errors import ClosedError


class SharedHandle(Owner):
    """`with handle as pointer:` uses it. What is closed meanwhile lives until the block ends."""

    def __init__(self, name: str, pointer: int, destroy: Callable[[int], Any]) -> None:
        self._name = name
        self._pointer = pointer
        self._destroy = destroy
        self._lock = threading.RLock()
        self._uses = 0
        self._is_closed = False
        self._is_taken = False  # by who destroys it
        self._is_gone = False
        _open[id(self)] = self

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def __enter__(self) -> int:
        with self._lock:
            if self._is_closed:
                raise ClosedError(f"this {self._name} is closed")
            self._uses += 1
        return self._pointer

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._uses -= 1
            is_last = self._is_closed and self._take()
        if is_last:
            self._end()

    def close(self) -> None:
        """As often as one likes, from any thread."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            is_last = self._take()
        if is_last:
            self._end()

    def _take(self) -> bool:
        """Whether it is to be destroyed now, which is said once."""
        if self._uses > 0 or self._is_taken:
            return False
        self._is_taken = True
        return True

    def _end(self) -> None:
        self._destroy(self._pointer)
        self._is_gone = True

    def __del__(self) -> None:
        self.close()

    def _reset_in_child(self) -> None:
        """In a forked child the parent's other threads are gone, and with them what they had locked."""
        self._lock = threading.RLock()
        self._uses = 0
        self._is_gone = self._is_taken


_open: weakref.WeakValueDictionary[int, SharedHandle] = weakref.WeakValueDictionary()


def _all() -> list[SharedHandle]:
    held = [reference() for reference in _open.valuerefs()]  # a list, which no other thread changes
    return [handle for handle in held if handle is not None]


def _reset_all_in_child() -> None:
    for handle in _all():
        handle._reset_in_child()


def _close_all() -> None:
    """Before Python ends: threads of zimg must not call a Python that is gone, and pending stores are waited for."""
    _ends.begin()
    cancel_all()
    handles = _all()
    for name in ("job", "generator", "cache"):
        for handle in handles:
            if handle._name == name:
                handle.close()
    _ends.wait(lambda: all(handle._is_gone for handle in handles))


os.register_at_fork(after_in_child=_reset_all_in_child)
atexit.register(_close_all)
