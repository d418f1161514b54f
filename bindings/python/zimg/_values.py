"""Turns Python's values into what the C API takes, and back."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Callable, Union

from . import _raw
from .errors import InvalidArgumentError, check

StrPath = Union[str, "os.PathLike[str]"]


def utf8(text: str, name: str) -> bytes:
    """`text` in UTF-8. What has none, a lone surrogate, is refused."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(
            f"the argument {name!r} has a lone surrogate at character {error.start}; text is expected"
        ) from None


def path_utf8(path: StrPath, name: str) -> bytes:
    return utf8(os.fspath(path), name)


def whole(value: int, name: str, lowest: int, highest: int) -> int:
    """`value`, which ctypes would cut to what fits."""
    if not lowest <= value <= highest:
        raise InvalidArgumentError(f"the argument {name!r} is {value}; {lowest} to {highest} is expected")
    return value


def u32(value: int, name: str) -> int:
    return whole(value, name, 0, 0xFFFFFFFF)


def u64(value: int, name: str) -> int:
    return whole(value, name, 0, 0xFFFFFFFFFFFFFFFF)


def i32(value: int, name: str) -> int:
    return whole(value, name, -0x80000000, 0x7FFFFFFF)


def i64(value: int, name: str) -> int:
    return whole(value, name, -0x8000000000000000, 0x7FFFFFFFFFFFFFFF)


def call(function: Any, *arguments: Any) -> None:
    """Calls a function that can fail, whose last parameter is the error."""
    error = ctypes.c_void_p()
    check(function(*arguments, ctypes.byref(error)), error)


def made(function: Any, *arguments: Any) -> int | None:
    """Calls a function that gives a handle out, last but for the error."""
    out = ctypes.c_void_p()
    call(function, *arguments, ctypes.byref(out))
    return out.value


def text_of(function: Any, *arguments: Any) -> str:
    """What a getter of text gives; its last parameter is the length."""
    size = ctypes.c_size_t()
    data = function(*arguments, ctypes.byref(size))
    return ctypes.string_at(data, size.value).decode("utf-8") if data else ""


def octets_of(function: Any, *arguments: Any) -> bytes:
    """What a getter of memory gives; its last parameter is the length."""
    size = ctypes.c_size_t()
    data = function(*arguments, ctypes.byref(size))
    return ctypes.string_at(data, size.value) if data else b""


def decoded(data: int | None, size: int) -> str:
    return ctypes.string_at(data, size).decode("utf-8") if data else ""


def made_text(library: Any, function: Any, *arguments: Any) -> str:
    """The text that a call gives out as a zimg_text."""
    handle = made(function, *arguments)
    try:
        return text_of(library.zimg_text_data, handle)
    finally:
        library.zimg_text_destroy(handle)


def raw_key(octets: bytes) -> _raw.Key:
    return _raw.Key.from_buffer_copy(octets)


class Calls:
    """Callbacks that live for one call: what they raise is kept, stops the call and is raised again after it."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None

    def guarded(self, function: Callable[..., Any], on_failure: Any = None) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            if self.failure is not None:
                return on_failure
            try:
                return function(*arguments)
            except BaseException as failure:  # also KeyboardInterrupt: nothing may cross C
                self.failure = failure
                return on_failure

        return run

    def call(self, function: Any, *arguments: Any) -> None:
        error = ctypes.c_void_p()
        status = function(*arguments, ctypes.byref(error))
        if self.failure is not None:
            if error.value:
                _ignored(status, error)
            raise self.failure
        check(status, error)


def _ignored(status: int, error: ctypes.c_void_p) -> None:
    try:
        check(status, error)
    except Exception:
        pass  # the failure that caused it is raised instead
