"""What the functions have in common that zimg calls and that may fail."""

from __future__ import annotations

from typing import Any, Callable

from ._library import lib
from .enums import Status
from .errors import Error


def answer(out_error: Any, run: Callable[[], None]) -> int:
    """Runs it and says what became of it, as zimg does; nothing that it raises crosses C."""
    try:
        run()
        return Status.OK
    except Error as error:
        status, sentence = error.status, str(error)
    except MemoryError as error:
        status, sentence = Status.OUT_OF_MEMORY, f"MemoryError: {error}"
    except BaseException as error:
        status, sentence = Status.INTERNAL, f"{type(error).__name__}: {error}"
    text = sentence.encode("utf-8", "replace")
    if out_error:
        out_error[0] = lib.zimg_error_create(status, text, len(text))
    return status
