"""Python objects that C holds on to by a number, until it releases them."""

from __future__ import annotations

import itertools
from typing import Any

from . import _raw

_numbers = itertools.count(1)
_objects: dict[int, Any] = {}


def keep(thing: Any) -> int:
    """A number for `user_data`. What it stands for lives until release() or forget()."""
    number = next(_numbers)
    _objects[number] = thing
    return number


def kept(number: int) -> Any:
    return _objects[number]


def forget(number: int) -> None:
    """Takes back keep(), where the call that should have taken the number failed."""
    _objects.pop(number, None)


def count() -> int:
    """How many are held; for tests."""
    return len(_objects)


@_raw.callback(_raw.Release)
def release(number: int) -> None:
    _objects.pop(number, None)
