"""Python objects that C holds on to by a number, until it releases them."""

from __future__ import annotations

import itertools
from typing import Any

from . import _raw
from ._interrupts import unbroken

_numbers = itertools.count(1)
_near: dict[int, Any] = {}
_apart: dict[int, Any] = {}


def keep(thing: Any) -> int:
    """A number for `user_data`. What it stands for lives until release() or forget()."""
    number = next(_numbers)
    _near[number] = thing
    return number


def keep_apart(thing: Any) -> int:
    """keep() for what zimg calls on threads of its own alone; goes with release_apart()."""
    number = next(_numbers)
    _apart[number] = thing
    return number


@unbroken
def kept(number: int) -> Any:
    return _near[number] if number in _near else _apart[number]


def forget(number: int) -> None:
    """Takes back keep() and keep_apart(), where the call that should have taken the number failed."""
    _near.pop(number, None)
    _apart.pop(number, None)


def count() -> int:
    """How many are held; for tests."""
    return len(_near) + len(_apart)


def may_be_called() -> bool:
    """Whether a call of zimg may call Python back on the thread that calls it."""
    return bool(_near)


# No functions of Python, in which the handler of a signal could raise.
release = _raw.Release(_near.__delitem__)
release_apart = _raw.Release(_apart.__delitem__)
