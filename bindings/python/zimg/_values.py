"""Turns Python's values into what the C API takes, and back."""

from __future__ import annotations

import ctypes
import datetime
import operator
import os
from enum import IntEnum
from typing import Any, Callable, Optional, TypeVar, Union

from . import _ends, _interrupts, _kept, _raw
from .errors import CancelledError, InvalidArgumentError, check, taken

StrPath = Union[str, "os.PathLike[str]"]

Kind = TypeVar("Kind")
Function = TypeVar("Function", bound=Callable[..., Any])


def wrong_type(value: object, name: str, expected: str) -> TypeError:
    """To be raised where `value` is of no type that is taken; `expected` comes with its article."""
    found = "None" if value is None else _with_article(type(value).__name__)
    return TypeError(f"the argument {name!r} is {found}; {expected} is expected")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'AEIOaeio' else 'a'} {noun}"


def instance(value: Kind, kind: type[Any], name: str) -> Kind:
    """`value`, which is a `kind`, as its type says, which not all callers have checked."""
    if not isinstance(value, kind):
        raise wrong_type(value, name, _with_article(kind.__name__))
    return value


def truth(value: bool, name: str) -> bool:
    """Also what equals one of the two, such as 1 and numpy's; all else, as "no", would count as true."""
    if value is not True and value is not False and value not in (False, True):
        raise wrong_type(value, name, "a bool")
    return bool(value)


def function(value: Function, name: str) -> Function:
    if not callable(value):
        raise wrong_type(value, name, "a function")
    return value


def function_or_none(value: Optional[Function], name: str) -> Optional[Function]:
    return None if value is None else function(value, name)


def utf8(text: str, name: str) -> bytes:
    """`text` in UTF-8. What has none, a lone surrogate, is refused."""
    if not isinstance(text, str):
        raise wrong_type(text, name, "a str")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(
            f"the argument {name!r} has a lone surrogate at character {error.start}; text is expected"
        ) from None


def path_utf8(path: StrPath, name: str) -> bytes:
    """A path of octets is refused as well: what the C API takes is UTF-8."""
    try:
        text = os.fspath(path)
    except TypeError:
        text = None
    if not isinstance(text, str):
        raise wrong_type(path, name, "a str, or an os.PathLike of one,")
    return utf8(text, name)


def octets(value: Any, name: str) -> bytes:
    """What is like bytes, as bytes. Of a number bytes() makes zeros, and len() of a view does not count octets."""
    if type(value) is bytes:
        return value
    try:
        return memoryview(value).tobytes()
    except TypeError:
        raise wrong_type(value, name, "an object like bytes") from None


def whole(value: int, name: str, lowest: int, highest: int) -> int:
    """`value`, which ctypes would cut to what fits."""
    if type(value) is not int:
        try:
            value = operator.index(value)  # numpy's numbers as well
        except TypeError:
            raise wrong_type(value, name, "an int") from None
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


def enumerator(value: int, kind: type[IntEnum], name: str) -> int:
    """The number of one; the library refuses a number that is none."""
    if not isinstance(value, int):
        raise wrong_type(value, name, _with_article(kind.__name__))
    return i32(value, name)


def real(value: float, name: str) -> float:
    """Numbers of other kinds as well, such as numpy's."""
    if type(value) is float:
        return value
    try:
        return ctypes.c_double(value).value
    except TypeError:
        raise wrong_type(value, name, "a float") from None
    except OverflowError:
        raise InvalidArgumentError(f"the argument {name!r} is beyond every float; a number is expected") from None


def milliseconds(value: datetime.timedelta, name: str) -> int:
    """Whole ones; what is beyond them is cut off."""
    if not isinstance(value, datetime.timedelta):
        raise wrong_type(value, name, "a datetime.timedelta, or None,")
    return i64(value // datetime.timedelta(milliseconds=1), name)


def call(function: Any, *arguments: Any) -> None:
    """Calls a function that can fail, whose last parameter is the error. Not for one that calls Python back."""
    error = ctypes.c_void_p()
    check(function(*arguments, ctypes.byref(error)), error)


def made(function: Any, *arguments: Any) -> int | None:
    """Calls a function that gives a handle out, last but for the error. Not for one that calls Python back."""
    out = ctypes.c_void_p()
    call(function, *arguments, ctypes.byref(out))
    return out.value


def ask(function: Any, *arguments: Any) -> None:
    """call() for what may call Python back in this thread, through a cache, a pipeline, a policy or a listener."""
    Calls().call(function, *arguments)


def asked(destroy: Any, function: Any, *arguments: Any) -> int | None:
    """made() for what may call Python back in this thread. `destroy` is for a handle that Ctrl-C leaves over."""
    return Calls().made(destroy, function, *arguments)


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
    """Callbacks and the calls that they come from: what they raise is kept, stops the call where that can be and is
    raised again after it."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self._has_guarded = False

    def guarded(self, function: Callable[..., Any], on_failure: Any = None) -> Callable[..., Any]:
        self._has_guarded = True

        def run(*arguments: Any) -> Any:
            if self.failure is not None:
                return on_failure
            try:
                _interrupts.deliver()
                if _ends.is_near():
                    raise CancelledError("the program ends")
                return function(*arguments)
            except BaseException as failure:  # also KeyboardInterrupt: nothing may cross C
                self.failure = failure
                return on_failure

        return _interrupts.unbroken(run)

    def call(self, function: Any, *arguments: Any) -> None:
        error = ctypes.c_void_p()
        if not self._has_guarded and not _kept.may_be_called():  # nothing calls back, and that is to cost nothing
            check(function(*arguments, ctypes.byref(error)), error)
            return
        mark = object()
        try:
            _ends.running.add(mark)
            status = _interrupts.run(function, *arguments, ctypes.byref(error))
            _interrupts.raise_held()
            self.raise_failure()
        except BaseException:
            if error.value:
                taken(0, error)  # what caused it is raised instead
            raise
        finally:
            _ends.running.discard(mark)
        check(status, error)

    def raise_failure(self) -> None:
        """What was kept, which is gone then."""
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def made(self, destroy: Any, function: Any, *arguments: Any) -> int | None:
        """A handle that the function gives out, last but for the error."""
        out = ctypes.c_void_p()
        try:
            self.call(function, *arguments, ctypes.byref(out))
        except BaseException:
            destroy(out)
            raise
        return out.value
