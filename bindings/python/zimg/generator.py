"""Answers requests: from the cache where it can, by drawing where it must."""

from __future__ import annotations

import asyncio
import ctypes
from types import TracebackType
from typing import Iterable, Optional, Union

from . import _raw
from ._handles import SharedHandle
from ._library import lib
from ._values import Calls, ask, asked, instance, made, text_of
from .cache import Cache, ProgressOfRun
from .cancel import CancelToken
from .job import Job
from .keys import Key, KeyField
from .metrics import Metrics
from .options import Options
from .prewarm import Budget, PrewarmReport, run_prewarm
from .request import Request, as_request
from .result import Result


class Generator:
    """Any thread. Weights stay unopened until something must be drawn; the engine as well, or until the first key on a
    machine with these options, environment and libtorch.

    In a forked child everything but close() raises ClosedError. close() lets calls in flight and jobs end; whoever comes
    last waits for pending stores.
    """

    def __init__(self, options: Options | None = None, cache: Cache | None = None) -> None:
        self._calls = Calls()
        if cache is not None:
            instance(cache, Cache, "cache")
        made_of = (Options() if options is None else instance(options, Options, "options"))._make(self._calls)
        try:
            if cache is None:
                pointer = asked(lib.zimg_generator_destroy, lib.zimg_generator_create, made_of, None)
            else:
                with cache._handle as handle:
                    pointer = asked(lib.zimg_generator_destroy, lib.zimg_generator_create, made_of, handle)
        finally:
            lib.zimg_options_destroy(made_of)
        self._handle = SharedHandle("generator", pointer or 0, lib.zimg_generator_destroy)

    def generate(self, wanted: Request | str) -> Result:
        """Blocks until the picture is there; other Python threads run meanwhile. Ctrl-C is heard when it returns, unless
        the request has a progress callback; start() and its wait() hear it at once."""
        request = as_request(wanted)
        if request.on_progress is not None:
            with self.start(request) as job:
                return job.result()
        made_of = request._make()
        try:
            with self._handle as generator:
                generate = lib.zimg_generator_generate
                return Result(self._calls.made(lib.zimg_result_destroy, generate, generator, made_of) or 0)
        finally:
            lib.zimg_request_destroy(made_of)

    def start(self, wanted: Request | str) -> Job:
        """Answers it on a thread of its own."""
        return Job(self._handle, self._calls, as_request(wanted))

    async def generate_async(self, wanted: Request | str) -> Result:
        """generate() for asyncio. Cancelling the task cancels the drawing and waits for its end."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        with Job(self._handle, self._calls, as_request(wanted), lambda: loop.call_soon_threadsafe(done.set)) as job:
            try:
                await done.wait()
            except asyncio.CancelledError:
                job.cancel()
                await asyncio.shield(_ended(done))
                raise
            return job.result()

    def key(self, wanted: Request | str) -> Key:
        """The picture key, without drawing. The first one on a machine with these options, environment and libtorch
        opens the engine, to learn its profile."""
        out = _raw.Key()
        made_of = as_request(wanted)._make()
        try:
            with self._handle as generator:
                self._calls.call(lib.zimg_generator_key, generator, made_of, ctypes.byref(out))
        finally:
            lib.zimg_request_destroy(made_of)
        return Key(bytes(out.bytes))

    def explain_key(self, wanted: Request | str) -> list[KeyField]:
        made_of = as_request(wanted)._make()
        try:
            with self._handle as generator:
                explain = lib.zimg_generator_explain_key
                fields = self._calls.made(lib.zimg_key_fields_destroy, explain, generator, made_of)
        finally:
            lib.zimg_request_destroy(made_of)
        try:
            return [
                KeyField(
                    lib.zimg_key_fields_tag(fields, index),
                    text_of(lib.zimg_key_fields_name, fields, index),
                    text_of(lib.zimg_key_fields_value, fields, index),
                    bool(lib.zimg_key_fields_is_live(fields, index)),
                )
                for index in range(lib.zimg_key_fields_count(fields))
            ]
        finally:
            lib.zimg_key_fields_destroy(fields)

    def metrics(self) -> Metrics:
        with self._handle as generator:
            return Metrics(made(lib.zimg_generator_metrics, generator) or 0)

    def drain(self) -> None:
        """Waits until every pending store has committed or failed."""
        with self._handle as generator:
            ask(lib.zimg_generator_drain, generator)

    @property
    def model_name(self) -> str:
        with self._handle as generator:
            return text_of(lib.zimg_generator_model_name, generator)

    @property
    def is_builtin_model(self) -> bool:
        with self._handle as generator:
            return bool(lib.zimg_generator_is_builtin_model(generator))

    def prewarm(
        self,
        requests: Iterable[Union[Request, str, tuple[Union[Request, str], float]]],
        budget: Budget | None = None,
        at_once: int = 2,
        cancel: CancelToken | None = None,
        on_progress: Optional[ProgressOfRun] = None,
    ) -> PrewarmReport:
        """Draws what is missing of a list; with a request may come its priority, the higher first. Blocks. Where
        `on_progress` returns False the run ends as cancelled. Of the requests the cache mode, the progress callback and
        the cancel token are not read: the run has its own. That single items failed is told in the report."""
        with self._handle as generator:
            report = run_prewarm(generator, requests, Budget() if budget is None else budget, at_once, cancel, on_progress)
        self._calls.raise_failure()
        return report

    def close(self) -> None:
        """As often as one likes."""
        self._handle.close()

    def __enter__(self) -> Generator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _ended(done: asyncio.Event) -> None:
    await done.wait()
