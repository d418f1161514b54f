"""What the functions have in common that zimg calls and that may fail."""

from __future__ import annotations

from typing import Any, Callable

from ._interrupts import deliver, hold, unbroken
from ._library import lib
from .enums import Status
from .errors import Error


@unbroken
def answer(out_error: Any, run: Callable[[], None]) -> int:
    """Runs it and says what became of it, as zimg does. Nothing that it raises crosses C or counts as success."""
    try:
        deliver()
        run()
        return Status.OK
    except Error as error:
        status, sentence = error.status, _shown(error)
        if not isinstance(status, Status) or status is Status.OK:
            status = Status.INTERNAL
    except MemoryError as error:
        status, sentence = Status.OUT_OF_MEMORY, f"MemoryError: {_shown(error)}"
    except BaseException as error:
        hold(error)
        status, sentence = Status.INTERNAL, f"{type(error).__name__}: {_shown(error)}"
    text = sentence.encode("utf-8", "replace")
    if out_error:
        out_error[0] = lib.zimg_error_create(status, text, len(text))
    return status


@unbroken
def _shown(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException as failure:
        hold(failure)
        return "an exception whose text cannot be made"
