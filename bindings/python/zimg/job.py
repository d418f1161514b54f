"""One request, answered by a thread of its own."""

from __future__ import annotations

import ctypes
import time
import weakref
from types import TracebackType
from typing import Callable, Optional

from . import _raw
from ._handles import SharedHandle
from ._kept import forget, keep_apart, kept, release_apart
from ._library import lib
from ._values import Calls, call, made, real
from .enums import JobState
from .errors import ClosedError
from .picture import Picture, picture_of
from .request import Progress, Request, set_progress
from .result import Result

_SLICE_MS = 50  # Python hears of signals between two waits


class Job:
    """Made by Generator.start(). Any thread. close() cancels and waits; a job that is dropped does as well."""

    def __init__(
        self,
        generator: SharedHandle,
        calls: Calls,
        request: Request,
        on_done: Optional[Callable[[], object]] = None,
    ) -> None:
        self._calls = calls  # of the generator
        self._failure: BaseException | None = None  # what the progress callback raised
        self._handle = SharedHandle("job", _created(generator, request, self), lib.zimg_job_destroy)
        if on_done is not None:
            self._set_done(on_done)
        with self._handle as job:
            call(lib.zimg_job_start, job)

    def _set_done(self, on_done: Callable[[], object]) -> None:
        number = keep_apart(on_done)
        try:
            with self._handle as job:
                call(lib.zimg_job_set_done, job, _done, number, release_apart)
        except BaseException:
            forget(number)
            raise

    @property
    def is_done(self) -> bool:
        with self._handle as job:
            return bool(lib.zimg_job_poll(job) == JobState.DONE)

    @property
    def progress(self) -> tuple[int, int]:
        """Steps finished and in all; 0 of 0 before the first."""
        step, steps = ctypes.c_uint32(), ctypes.c_uint32()
        with self._handle as job:
            lib.zimg_job_progress(job, ctypes.byref(step), ctypes.byref(steps))
        return step.value, steps.value

    def preview(self) -> Picture:
        """The newest; NotFoundError where there is none yet."""
        with self._handle as job:
            picture = made(lib.zimg_job_preview, job)
        try:
            return picture_of(picture)
        finally:
            lib.zimg_picture_destroy(picture)

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is done, at most so many seconds; False where the time ran out. Ctrl-C ends the wait, not the job."""
        with self._handle as job:
            return self._wait(job, timeout)

    @staticmethod
    def _wait(job: int, timeout: float | None) -> bool:
        end = None if timeout is None else time.monotonic() + real(timeout, "timeout")
        is_done = ctypes.c_int()
        while True:
            left = _SLICE_MS if end is None else min(_SLICE_MS, max(0, int((end - time.monotonic()) * 1000)))
            call(lib.zimg_job_wait, job, left, ctypes.byref(is_done))
            if is_done.value or (end is not None and time.monotonic() >= end):
                return bool(is_done.value)

    def result(self, timeout: float | None = None) -> Result:
        """Waits and gives the picture, or raises what became of it; TimeoutError where the time ran out."""
        with self._handle as job:  # held throughout: who waits is answered, also where another thread closes it
            if not self._wait(job, timeout):
                raise TimeoutError(f"the job is not done after {timeout} s")
            if self._failure is not None:
                raise self._failure
            return Result(self._calls.made(lib.zimg_result_destroy, lib.zimg_job_result, job) or 0)

    def cancel(self) -> None:
        """From any thread, at any time, as often as one likes. Others who use the request's token go on."""
        with self._handle as job:
            lib.zimg_job_cancel(job)

    def close(self) -> None:
        """Cancels it and waits for its end; where another thread waits for it, that thread does, and is answered. As
        often as one likes."""
        self._cancel_unless_closed()
        self._handle.close()

    def _cancel_unless_closed(self) -> None:
        try:
            self.cancel()
        except ClosedError:
            pass  # it was cancelled by that

    def _fail(self, failure: BaseException) -> None:
        """The progress callback raised: the job ends with that."""
        if self._failure is None:
            self._failure = failure
        self._cancel_unless_closed()

    def __enter__(self) -> Job:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _created(generator: SharedHandle, request: Request, job: Job) -> int:
    handle = request._make()
    try:
        if request.on_progress is not None:
            set_progress(handle, _guarded(request.on_progress, job))
        with generator as pointer:
            return made(lib.zimg_job_create, pointer, handle) or 0
    finally:
        lib.zimg_request_destroy(handle)


def _guarded(callback: Callable[[Progress], object], job: Job) -> Callable[[Progress], None]:
    reference = weakref.ref(job)  # a job that nobody holds any more is to go, and be cancelled by that

    def run(progress: Progress) -> None:
        try:
            callback(progress)
        except BaseException as failure:
            owner = reference()
            if owner is not None:
                owner._fail(failure)

    return run


@_raw.callback(_raw.JobFunction)
def _done(number: int, _: int) -> None:
    try:
        kept(number)()
    except BaseException:
        pass  # on_done is this package's own, and its event loop may be closed by then
