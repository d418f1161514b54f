"""Ctrl-C while zimg calls Python: nothing may be raised across C, and nothing is to be lost.

Python runs the handlers of signals in its main thread, between any two bytecodes. The first such place in a callback is
before its first statement, where its own `try` does not see what a handler raises: ctypes would print it and answer C
with nothing. So while the main thread is in a call of C that may call back, SIGINT is put off there until the callback
can answer for it, or the call is over. A program's own code in a callback is interrupted as ever.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal.signal() takes ten times as long, and each hit would pay that
import signal
import threading
from types import FrameType
from typing import Any, Callable, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])

_SIGINT = int(signal.SIGINT)
_unbroken: set[Any] = set()  # the code of functions in which SIGINT is put off
_handler: Any = None  # that of the program, while _heard() stands in its place
_is_late = False


class _Held(threading.local):
    failure: BaseException | None = None


_held = _Held()


def unbroken(function: _Function) -> _Function:
    """Marks what C calls, and what that calls outside of its `try`."""
    _unbroken.add(function.__code__)
    return function


@unbroken
def hold(failure: BaseException) -> None:
    """For callbacks that swallow what they raise. What is to end the program, a KeyboardInterrupt or a SystemExit, is
    raised when this thread's call of C is over."""
    if not isinstance(failure, Exception) and _held.failure is None:
        _held.failure = failure


def raise_held() -> None:
    """After a call of C: raises what was held or put off meanwhile."""
    deliver()
    failure = _held.failure
    if failure is not None:
        _held.failure = None
        raise failure


def deliver() -> None:
    """In the `try` of a callback as well: raises what is put off, so that the call of C ends soon."""
    global _is_late
    if _is_late and threading.get_ident() == threading.main_thread().ident:
        _is_late = False
        _handler(_SIGINT, None)


@unbroken
def _heard(number: int, frame: FrameType | None) -> None:
    global _is_late
    if frame is None or frame.f_code in _unbroken:
        _is_late = True
    else:
        _handler(number, frame)


@unbroken
def run(function: Callable[..., int], *arguments: Any) -> int:
    """Calls C, which may call back. raise_held() is to come after."""
    global _handler
    handler = _signal.getsignal(_SIGINT)
    if handler is _heard or not callable(handler):
        return function(*arguments)
    try:
        _signal.signal(_SIGINT, _heard)
    except ValueError:  # not the main thread, which alone hears signals
        return function(*arguments)
    _handler = handler
    try:
        return function(*arguments)
    finally:
        found = _signal.signal(_SIGINT, handler)
        if found is not _heard:  # a callback has put another in its place
            _signal.signal(_SIGINT, found)
