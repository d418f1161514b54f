"""What zimg raises: Error, and one class of it for each status."""

from __future__ import annotations

import ctypes

from ._library import lib
from .enums import Status


class Error(Exception):
    """A failure of zimg: a status to branch on and one sentence, which never holds a prompt."""

    status = Status.INTERNAL

    def __init__(self, message: str, status: Status | None = None) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status


class InvalidArgumentError(Error, ValueError):
    """The caller's input is wrong; nothing was done."""

    status = Status.INVALID_ARGUMENT


class NotFoundError(Error, LookupError):
    """A file, a name, or (only if cached) a picture is not there."""

    status = Status.NOT_FOUND


class BadModelError(Error):
    """A model folder is incomplete, inconsistent or damaged."""

    status = Status.BAD_MODEL


class UnsupportedError(Error):
    """Sound input that this build or machine cannot serve."""

    status = Status.UNSUPPORTED


class OutOfMemoryError(Error, MemoryError):
    """Host or device memory would not do."""

    status = Status.OUT_OF_MEMORY


class DeviceError(Error):
    """The device failed, or produced NaN or infinite latents."""

    status = Status.DEVICE


class IoError(Error):
    """The operating system refused a read or write."""

    status = Status.IO


class CacheError(Error):
    """A cache that was addressed directly failed."""

    status = Status.CACHE


class CancelledError(Error):
    """The caller asked to stop."""

    status = Status.CANCELLED


class RefusedError(Error):
    """A keyword list refuses the prompt."""

    status = Status.REFUSED


class ClosedError(Error):
    """Something was used after it was closed, or in a forked child."""

    status = Status.CLOSED


class InternalError(Error):
    """A defect of zimg, or a callback that failed."""

    status = Status.INTERNAL


_CLASSES: dict[int, type[Error]] = {kind.status: kind for kind in Error.__subclasses__()}


def taken(status: int, error: ctypes.c_void_p) -> Error:
    """The exception for a call that failed; takes over the zimg_error that it left."""
    kind = _CLASSES.get(status, InternalError)
    if not error.value:
        return kind(f"zimg failed with the status {status} and had no memory to say more")
    size = ctypes.c_size_t()
    text = lib.zimg_error_message(error, ctypes.byref(size))
    message = ctypes.string_at(text, size.value).decode("utf-8")
    lib.zimg_error_destroy(error)
    return kind(message)


def check(status: int, error: ctypes.c_void_p) -> None:
    """Raises where a call failed."""
    if status != 0:
        raise taken(status, error)
